/* Asks the DMN engine of KIE (Apache) about cases: `java -cp 'JARS/*' DmnPeer.java MODEL.dmn CASES.json`.
   CASES is a list of objects, one a case: numbers, texts, true, false, null, {"date": "2026-11-22"} by the name of the
   input data. The answer is a list of objects as well, one a case: what each decision gives. */
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kie.dmn.api.core.DMNContext;
import org.kie.dmn.api.core.DMNDecisionResult;
import org.kie.dmn.api.core.DMNMessage;
import org.kie.dmn.api.core.DMNModel;
import org.kie.dmn.api.core.DMNRuntime;
import org.kie.dmn.core.internal.utils.DMNRuntimeBuilder;
import org.kie.internal.io.ResourceFactory;

public class DmnPeer {
  public static void main(String[] words) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(words[0]));
    DMNRuntime runtime = DMNRuntimeBuilder.fromDefaults().buildConfiguration()
        .fromResources(List.of(ResourceFactory.newByteArrayResource(bytes)))
        .getOrElseThrow(RuntimeException::new);
    DMNModel model = runtime.getModels().get(0);
    for (DMNMessage message : model.getMessages())
      System.err.println(message.getSeverity() + " " + message.getText());
    ObjectMapper json = new ObjectMapper();
    List<?> cases = json.readValue(new File(words[1]), List.class);
    List<Object> answers = new ArrayList<>();
    for (Object one : cases) {
      DMNContext context = runtime.newContext();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) one).entrySet())
        context.set((String) entry.getKey(), value(entry.getValue()));
      Map<String, Object> answer = new TreeMap<>();
      for (DMNDecisionResult result : runtime.evaluateAll(model, context).getDecisionResults())
        answer.put(result.getDecisionName(), plain(result.getResult()));
      answers.add(answer);
    }
    System.out.println(json.writeValueAsString(answers));
  }

  private static Object value(Object given) {
    if (given instanceof Number) return new BigDecimal(given.toString());
    if (given instanceof Map) return LocalDate.parse((String) ((Map<?, ?>) given).get("date"));
    return given;
  }

  private static Object plain(Object result) {
    if (result instanceof BigDecimal) return Map.of("number", ((BigDecimal) result).stripTrailingZeros().toPlainString());
    if (result instanceof Collection) {
      List<Object> list = new ArrayList<>();
      for (Object one : (Collection<?>) result) list.add(plain(one));
      return list;
    }
    if (result instanceof Map) {
      Map<String, Object> parts = new TreeMap<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) result).entrySet()) parts.put((String) entry.getKey(), plain(entry.getValue()));
      return parts;
    }
    return result;
  }
}
