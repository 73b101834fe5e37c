// Peers that run in Node: node peers.mjs PEER SOURCES.json PATIENTS.json SECONDS. Prints one JSON object:
// {answers: [...], rate: patients a second, overhead: seconds of a call that decides nothing, prepare: seconds}.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const [peer, sourcesFile, patientsFile, seconds] = process.argv.slice(2);
const sources = JSON.parse(readFileSync(sourcesFile, "utf8"));
const patients = JSON.parse(readFileSync(patientsFile, "utf8"));
const now = () => performance.now() / 1000;

// Each gives {decide(patient), nothing(patient)}: the answer, and the same way in and out with nothing to decide.
const makers = {
  async javascript() {
    const decide = new Function("p", sources.js);
    return { decide, nothing: new Function("p", "return {};") };
  },
  async cel_js() {
    const { parse } = await import("@marcbachmann/cel-js");
    // Its numbers are 64-bit integers only where they are BigInt.
    const whole = patients.map((p) => Object.fromEntries(Object.entries(p).map(([k, v]) => [k, typeof v === "number" ? BigInt(v) : v])));
    const index = new Map(patients.map((p, i) => [p, whole[i]]));
    const programs = Object.entries(sources.cel).map(([name, text]) => [name, parse(text)]);
    const trivial = parse("true");
    const plain = (v) => (typeof v === "bigint" ? Number(v) : v);
    return {
      decide: (p) => Object.fromEntries(programs.map(([name, run]) => [name, plain(run(index.get(p)))])),
      nothing: (p) => trivial(index.get(p)),
    };
  },
  async zen() {
    const { ZenEngine } = await import("@gorules/zen-engine");
    const engine = new ZenEngine();
    const decision = engine.createDecision(Buffer.from(JSON.stringify(sources.zen)));
    const empty = structuredClone(sources.zen);
    empty.nodes[1].content.expressions = [{ id: "x", key: "x", value: "true" }];
    const trivial = engine.createDecision(Buffer.from(JSON.stringify(empty)));
    return { decide: async (p) => (await decision.evaluate(p)).result, nothing: (p) => trivial.evaluate(p) };
  },
  async json_rules_engine() {
    const { Engine } = (await import("json-rules-engine")).default;
    const { rules, bands, scores } = sources.json_rules;
    const engine = new Engine(rules);
    const trivial = new Engine([]);
    return {
      async decide(p) {
        const { events } = await engine.run(p);
        const answer = {};
        for (const name of sources.outputs) if (!(name in bands)) answer[name] = scores.includes(name) ? 0 : false;
        for (const { type, params } of events) {
          if (scores.includes(type)) answer[type] += params.points;
          else answer[type] = true;
        }
        for (const [name, band] of Object.entries(bands)) {
          const hit = band.up_to.find(([limit]) => answer[band.of] <= limit);
          answer[name] = hit ? hit[1] : band.otherwise;
        }
        return answer;
      },
      nothing: (p) => trivial.run(p),
    };
  },
  async cql_execution() {
    const cql = (await import("cql-execution")).default;
    const prepare = (elm) => new cql.Library(elm, new cql.Repository([elm]));
    const library = prepare(sources.elm);
    const none = structuredClone(sources.elm);
    none.library.statements.def = [];
    const trivial = prepare(none);
    const source = new cql.PatientSource([]);
    const run = async (lib, p) => {
      source.reset?.();
      const results = await new cql.Executor(lib, undefined, p).exec(source);
      return results.unfilteredResults;
    };
    return { decide: (p) => run(library, p), nothing: (p) => run(trivial, p) };
  },
};

const begin = now();
const { decide, nothing } = await makers[peer]();
const prepare = now() - begin;

const answers = [];
for (const p of patients) {
  const answer = await decide(p);
  answers.push(sources.outputs.map((name) => answer[name] ?? false));
}
// The second round is measured: the first has warmed the compiler up. Synchronous peers are not made to wait.
async function rate(call) {
  const isAsync = call(patients[0]) instanceof Promise;
  const until = now() + Number(seconds);
  const start = now();
  let count = 0;
  while (now() < until) {
    if (isAsync) for (const p of patients.slice(0, 200)) await call(p);
    else for (const p of patients) call(p);
    count += isAsync ? Math.min(200, patients.length) : patients.length;
  }
  return count / (now() - start);
}
const decided = await rate(decide);
// Some peers keep threads alive, so the end has to be said; what is written to a pipe must be out by then.
const text = JSON.stringify({ answers, rate: decided, overhead: 1 / (await rate(nothing)), prepare }) + "\n";
process.stdout.write(text, () => process.exit(0));
