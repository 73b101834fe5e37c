import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cqframework.cql.cql2elm.CqlTranslator;
import org.cqframework.cql.cql2elm.LibraryManager;
import org.cqframework.cql.cql2elm.ModelManager;
import org.kie.api.io.Resource;
import org.kie.dmn.api.core.DMNContext;
import org.kie.dmn.api.core.DMNModel;
import org.kie.dmn.api.core.DMNResult;
import org.kie.dmn.api.core.DMNRuntime;
import org.kie.dmn.core.internal.utils.DMNRuntimeBuilder;
import org.kie.internal.io.ResourceFactory;

/** Peers of the JVM. `dmn SOURCES PATIENTS SECONDS` prints answers and rates as peers.mjs does; `elm SOURCES` translates CQL. */
public final class Peers {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    JsonNode sources = JSON.readTree(new File(arguments[1]));
    if (arguments[0].equals("elm")) {
      ModelManager models = new ModelManager();
      CqlTranslator translator = CqlTranslator.fromText(sources.get("cql").asText(), new LibraryManager(models));
      if (!translator.getErrors().isEmpty()) throw translator.getErrors().get(0);
      System.out.println(translator.toJson());
      return;
    }
    long begin = System.nanoTime();
    DMNRuntime runtime = runtime(sources.get("dmn").asText());
    DMNModel model = runtime.getModels().get(0);
    if (model.hasErrors()) throw new IllegalStateException(model.getMessages().toString());
    DMNRuntime trivial = runtime("<?xml version=\"1.0\"?><definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"t\""
        + " name=\"t\" namespace=\"urn:t\"><decision id=\"x\" name=\"x\"><variable name=\"x\" typeRef=\"boolean\"/>"
        + "<literalExpression id=\"l\"><text>true</text></literalExpression></decision></definitions>");
    DMNModel nothing = trivial.getModels().get(0);
    double prepare = (System.nanoTime() - begin) / 1e9;

    List<Map<String, Object>> patients = new ArrayList<>();
    for (JsonNode each : JSON.readTree(new File(arguments[2]))) {
      Map<String, Object> patient = new LinkedHashMap<>();
      each.fields().forEachRemaining(field -> patient.put(field.getKey(), value(field.getValue())));
      patients.add(patient);
    }
    List<String> outputs = new ArrayList<>();
    sources.get("outputs").forEach(name -> outputs.add(name.asText()));

    List<List<Object>> answers = new ArrayList<>();
    for (Map<String, Object> patient : patients) {
      DMNResult result = decide(runtime, model, patient);
      if (result.hasErrors()) throw new IllegalStateException(result.getMessages().toString());
      List<Object> answer = new ArrayList<>();
      for (String name : outputs) {
        Object got = result.getContext().get(name);
        answer.add(got instanceof BigDecimal number ? number.intValueExact() : got);
      }
      answers.add(answer);
    }
    double seconds = Double.parseDouble(arguments[3]);
    double rate = rate(runtime, model, patients, seconds);
    double overhead = 1 / rate(trivial, nothing, patients, seconds);
    System.out.println(JSON.writeValueAsString(Map.of("answers", answers, "rate", rate, "overhead", overhead, "prepare", prepare)));
  }

  private static DMNRuntime runtime(String text) {
    Resource resource = ResourceFactory.newReaderResource(new StringReader(text));
    resource.setSourcePath("model.dmn");
    return DMNRuntimeBuilder.fromDefaults().buildConfiguration().fromResources(List.of(resource)).getOrElseThrow(RuntimeException::new);
  }

  private static Object value(JsonNode node) {
    return node.isBoolean() ? node.booleanValue() : node.isNumber() ? BigDecimal.valueOf(node.longValue()) : (Object) node.asText();
  }

  private static DMNResult decide(DMNRuntime runtime, DMNModel model, Map<String, Object> patient) {
    DMNContext context = runtime.newContext();
    patient.forEach(context::set);
    return runtime.evaluateAll(model, context);
  }

  private static double rate(DMNRuntime runtime, DMNModel model, List<Map<String, Object>> patients, double seconds) {
    long start = System.nanoTime();
    long count = 0;
    while ((System.nanoTime() - start) / 1e9 < seconds) {
      for (Map<String, Object> patient : patients.subList(0, Math.min(200, patients.size()))) {
        decide(runtime, model, patient);
        ++count;
      }
    }
    return count / ((System.nanoTime() - start) / 1e9);
  }
}
