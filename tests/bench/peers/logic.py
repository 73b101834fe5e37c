"""The logic that is compared, written once, and how each peer's own language says it.

An expression is a tree of E. The flagship's logic is that of `by_hand` in tests/bench/decide.cpp; the two scores are those of
stdlib/curb65.aceso and stdlib/cha2ds2_vasc.aceso. Patients are complete and fulfil the constraints: no peer knows an unknown.
"""
import json
import random


class E:
    """A node: ("input", name), ("constant", value), ("and" | "or", *E), ("not", E), a comparison, ("points", (points, E)...)
    or ("bands", E, ((limit, text)...), text)."""

    def __init__(self, op, *parts):
        self.op, self.parts = op, parts

    def __and__(self, other):
        return E("and", self, other)

    def __or__(self, other):
        return E("or", self, other)

    def __invert__(self):
        return E("not", self)

    def compare(self, op, value):
        return E(op, self, E("constant", value))

    def __lt__(self, value):
        return self.compare("<", value)

    def __le__(self, value):
        return self.compare("<=", value)

    def __gt__(self, value):
        return self.compare(">", value)

    def __ge__(self, value):
        return self.compare(">=", value)

    def equals(self, value):
        return self.compare("==", value)


def any_of(*names):
    result = E("input", names[0])
    for name in names[1:]:
        result = result | E("input", name)
    return result


class Guideline:
    """`inputs`: name -> "flag", (lowest, highest) of a whole number with its unit, or a list of choices."""

    def __init__(self, name, inputs, outputs, units):
        self.name, self.inputs, self.outputs, self.units = name, inputs, outputs, units

    def patients(self, count, seed=1):
        pick = random.Random(seed)
        def value(name, domain):
            if domain == "flag":
                return pick.random() < (0.94 if name == "suspected_radiculopathy" else 0.125)
            return pick.choice(domain) if isinstance(domain, list) else pick.randint(*domain)
        return [{name: value(name, domain) for name, domain in self.inputs.items()} for _ in range(count)]


def flagship():
    flags = ["suspected_radiculopathy", "bladder_or_bowel_dysfunction", "saddle_anesthesia", "progressive_bilateral_weakness",
             "fever", "unexplained_weight_loss", "history_of_cancer", "rapidly_worsening_weakness", "disabling_symptoms",
             "procedure_candidate", "nerve_root_irritation", "diagnostic_uncertainty", "multiple_nerve_deficits",
             "mri_incompatible_device", "significant_metallic_artifact", "scar_or_recurrence_question",
             "imaging_confirms_compression"]
    inputs = {name: "flag" for name in flags}
    inputs |= {"symptom_course": ["resolved", "improving", "persistent", "progressive"], "conservative_care_duration": (0, 90),
               "knee_extension": (3, 5), "ankle_dorsiflexion": (3, 5), "great_toe_extension": (3, 5)}
    i = {name: E("input", name) for name in inputs}
    course, days = i["symptom_course"], i["conservative_care_duration"]
    cauda = any_of("bladder_or_bowel_dysfunction", "saddle_anesthesia", "progressive_bilateral_weakness")
    red = cauda | any_of("fever", "unexplained_weight_loss", "history_of_cancer", "rapidly_worsening_weakness")
    no_mri = any_of("mri_incompatible_device", "significant_metallic_artifact")
    symptomatic = course.equals("persistent") | course.equals("progressive")
    early, failed = days < 28, days >= 42
    open_ = ~course.equals("resolved")
    after_care = ~early & open_ & ((symptomatic & any_of("nerve_root_irritation", "procedure_candidate")) | i["diagnostic_uncertainty"])
    weak = (i["knee_extension"] < 5) | (i["ankle_dorsiflexion"] < 5) | (i["great_toe_extension"] < 5)
    despite_care = weak & course.equals("progressive") & (days > 0)
    image = red | (~red & after_care)
    scar = i["scar_or_recurrence_question"]
    modality = {"ct_myelography": no_mri, "lumbar_mri_with_contrast": ~no_mri & scar, "lumbar_mri": ~no_mri & ~scar}
    care = ~red & ~failed & open_
    favour = {name: image & chosen for name, chosen in modality.items()}
    favour |= {name: care for name in ("nsaids", "activity_modification", "physical_therapy", "gradual_return_to_activity")}
    favour["emg_ncs"] = any_of("diagnostic_uncertainty", "multiple_nerve_deficits")
    favour["surgical_referral"] = ((failed & i["disabling_symptoms"] & symptomatic & i["imaging_confirms_compression"]) |
                                   i["rapidly_worsening_weakness"] | despite_care | cauda)
    favour["surgical_decompression"] = cauda
    against = {name: ~red & early for name in modality}
    against["prolonged_bed_rest"] = care
    applies = i["suspected_radiculopathy"]
    outputs = {f"for_{name}": applies & said for name, said in favour.items()}
    outputs |= {f"against_{name}": applies & said for name, said in against.items()}
    return Guideline("flagship", inputs, outputs, {"conservative_care_duration": "d"})


def curb65():
    inputs = {"new_mental_confusion": "flag", "blood_urea": (2, 15), "respiratory_rate": (10, 45),
              "systolic_blood_pressure": (80, 180), "diastolic_blood_pressure": (40, 79), "age_in_years": (18, 95)}
    i = {name: E("input", name) for name in inputs}
    low = (i["systolic_blood_pressure"] < 90) | (i["diastolic_blood_pressure"] <= 60)
    points = E("points", (1, i["new_mental_confusion"]), (1, i["blood_urea"] > 7), (1, i["respiratory_rate"] >= 30), (1, low),
               (1, i["age_in_years"] >= 65))
    return Guideline("curb65", inputs, {"curb65": points, "curb65_risk": E("bands", points, ((1, "low"), (2, "intermediate")), "high")},
                     {"blood_urea": "mmol/L", "respiratory_rate": "/min", "systolic_blood_pressure": "mm[Hg]",
                      "diastolic_blood_pressure": "mm[Hg]", "age_in_years": "a"})


def cha2ds2_vasc():
    flags = ["heart_failure", "hypertension", "diabetes_mellitus", "previous_stroke", "previous_tia_or_thromboembolism", "vascular_disease"]
    inputs = {name: "flag" for name in flags} | {"age_in_years": (18, 95), "sex": ["female", "male"]}
    i = {name: E("input", name) for name in inputs}
    age = i["age_in_years"]
    points = E("points", (1, i["heart_failure"]), (1, i["hypertension"]), (2, age >= 75), (1, i["diabetes_mellitus"]),
               (2, any_of("previous_stroke", "previous_tia_or_thromboembolism")), (1, i["vascular_disease"]),
               (1, (age >= 65) & (age <= 74)), (1, i["sex"].equals("female")))
    return Guideline("cha2ds2_vasc", inputs, {"cha2ds2_vasc": points,
                     "cha2ds2_vasc_risk": E("bands", points, ((0, "low"), (1, "intermediate")), "high")}, {"age_in_years": "a"})


# ---------------------------------------------------------------------------------------------------------------------
# Languages of infix operators

class Infix:
    def __init__(self, conjunction, disjunction, negation, equal, choice, name="{}", quote='"', numbers="{}"):
        self.conjunction, self.disjunction, self.negation, self.equal = conjunction, disjunction, negation, equal
        self.choice, self.name, self.quote, self.numbers = choice, name, quote, numbers

    def __call__(self, e):
        if e.op == "input":
            return self.name.format(e.parts[0])
        if e.op == "constant":
            value = e.parts[0]
            return f"{self.quote}{value}{self.quote}" if isinstance(value, str) else self.numbers.format(value)
        if e.op == "not":
            return self.negation.format(self(e.parts[0]))
        if e.op == "points":
            return "(" + " + ".join(self.choice.format(self(c), self.numbers.format(p), self.numbers.format(0)) for p, c in e.parts) + ")"
        if e.op == "bands":
            text = f"{self.quote}{e.parts[2]}{self.quote}"
            for limit, band in reversed(e.parts[1]):
                text = self.choice.format(f"{self(e.parts[0])} <= {self.numbers.format(limit)}", f"{self.quote}{band}{self.quote}", text)
            return text
        op = {"and": self.conjunction, "or": self.disjunction, "==": self.equal}.get(e.op, e.op)
        return f"({self(e.parts[0])} {op} {self(e.parts[1])})"


JS = Infix("&&", "||", "!{}", "===", "({} ? {} : {})", "p.{}")
CEL = Infix("&&", "||", "!{}", "==", "({} ? {} : {})")
ZEN = Infix("and", "or", "not ({})", "==", "({} ? {} : {})")
FEEL = Infix("and", "or", "not({})", "=", "(if {} then {} else {})")
CQL = Infix("and", "or", "(not {})", "=", "(if {} then {} else {})", '"{}"', "'")
SQL = Infix("AND", "OR", "(NOT {})", "=", "(CASE WHEN {} THEN {} ELSE {} END)", quote="'")


# ---------------------------------------------------------------------------------------------------------------------
# The others

def json_rules(guideline):
    """Conditions of json-rules-engine; of a score the points, which the host adds up."""
    operators = {"==": "equal", "<": "lessThan", "<=": "lessThanInclusive", ">": "greaterThan", ">=": "greaterThanInclusive"}

    def condition(e):
        if e.op == "input":
            return {"fact": e.parts[0], "operator": "equal", "value": True}
        if e.op == "not":
            return {"not": condition(e.parts[0])}
        if e.op in ("and", "or"):
            return {"all" if e.op == "and" else "any": [condition(part) for part in e.parts]}
        return {"fact": e.parts[0].parts[0], "operator": operators[e.op], "value": e.parts[1].parts[0]}

    def whole(e):
        made = condition(e)
        return made if set(made) <= {"all", "any", "not"} else {"all": [made]}

    rules = []
    for name, e in guideline.outputs.items():
        if e.op == "points":
            rules += [{"conditions": whole(c), "event": {"type": name, "params": {"points": p}}} for p, c in e.parts]
        elif e.op != "bands":
            rules.append({"conditions": whole(e), "event": {"type": name}})
    bands = {name: {"of": next(n for n, o in guideline.outputs.items() if o is e.parts[0]), "up_to": e.parts[1], "otherwise": e.parts[2]}
             for name, e in guideline.outputs.items() if e.op == "bands"}
    return {"rules": rules, "bands": bands, "scores": [n for n, e in guideline.outputs.items() if e.op == "points"]}


def rego(guideline):
    """A policy: a disjunction is a rule with several bodies, so each node has a name of its own."""
    lines, seen = ["package guideline", "import rego.v1"], {}

    def literal(value):
        return json.dumps(value)

    def node(e):
        key = id(e)
        if key not in seen:
            seen[key] = name = f"n{len(seen)}"
            if e.op == "or":
                for part in e.parts:
                    lines.append(f"{name} if {test(part)}")
            elif e.op == "and":
                lines.append(f"{name} if {{ {test(e.parts[0])}; {test(e.parts[1])} }}")
            elif e.op == "points":
                terms = []
                for number, (points, condition) in enumerate(e.parts):
                    lines.append(f"default {name}_{number} := 0")
                    lines.append(f"{name}_{number} := {points} if {test(condition)}")
                    terms.append(f"{name}_{number}")
                lines.append(f"{name} := {' + '.join(terms)}")
        return seen[key]

    def test(e):
        if e.op == "input":
            return f"input.{e.parts[0]}"
        if e.op == "not":
            return f"not {test(e.parts[0])}"
        if e.op in ("and", "or"):
            return node(e)
        return f"input.{e.parts[0].parts[0]} {e.op} {literal(e.parts[1].parts[0])}"

    for name, e in guideline.outputs.items():
        if e.op == "points":
            lines.append(f"result[\"{name}\"] := {node(e)}")
        elif e.op == "bands":
            score, below = node(e.parts[0]), None
            for limit, band in e.parts[1]:
                lower = f"; {score} > {below}" if below is not None else ""
                lines.append(f"result[\"{name}\"] := \"{band}\" if {{ {score} <= {limit}{lower} }}")
                below = limit
            lines.append(f"result[\"{name}\"] := \"{e.parts[2]}\" if {{ {score} > {below} }}")
        else:
            lines.append(f"result[\"{name}\"] if {{ {test(e)} }}")
    return "\n".join(lines) + "\n"


def zen(guideline):
    """A JSON decision model with one node of expressions."""
    expressions = [{"id": name, "key": name, "value": ZEN(e)} for name, e in guideline.outputs.items()]
    node = {"id": "logic", "type": "expressionNode", "name": "logic", "content": {"expressions": expressions}, "position": {"x": 0, "y": 0}}
    ends = [{"id": kind, "type": f"{kind}Node", "name": kind, "position": {"x": 0, "y": 0}} for kind in ("input", "output")]
    edges = [{"id": "a", "type": "edge", "sourceId": "input", "targetId": "logic"}, {"id": "b", "type": "edge", "sourceId": "logic", "targetId": "output"}]
    return {"nodes": [ends[0], node, ends[1]], "edges": edges}


def dmn(guideline):
    """Each output is a decision with a literal expression."""
    def escaped(text):
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def kind(domain):
        return "boolean" if domain == "flag" else "string" if isinstance(domain, list) else "number"

    parts = ['<?xml version="1.0" encoding="UTF-8"?>',
             f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{guideline.name}" name="{guideline.name}" namespace="urn:peers">']
    for name, domain in guideline.inputs.items():
        parts.append(f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind(domain)}"/></inputData>')
    for name, e in guideline.outputs.items():
        type_of = "number" if e.op == "points" else "string" if e.op == "bands" else "boolean"
        needs = "".join(f'<informationRequirement id="r_{name}_{i}"><requiredInput href="#i_{i}"/></informationRequirement>' for i in guideline.inputs)
        parts.append(f'<decision id="d_{name}" name="{name}"><variable name="{name}" typeRef="{type_of}"/>{needs}'
                     f'<literalExpression id="l_{name}"><text>{escaped(FEEL(e))}</text></literalExpression></decision>')
    return "\n".join(parts + ["</definitions>"])


def cql(guideline):
    def kind(domain):
        return "Boolean" if domain == "flag" else "String" if isinstance(domain, list) else "Integer"

    lines = [f"library {guideline.name} version '1'"]
    lines += [f'parameter "{name}" {kind(domain)}' for name, domain in guideline.inputs.items()]
    lines.append("context Unfiltered")
    lines += [f'define "{name}": {CQL(e)}' for name, e in guideline.outputs.items()]
    return "\n".join(lines) + "\n"


def sources(guideline):
    """All languages, by peer."""
    return {
        "inputs": {name: "flag" if d == "flag" else "choice" if isinstance(d, list) else "number" for name, d in guideline.inputs.items()},
        "outputs": list(guideline.outputs),
        "units": guideline.units,
        "js": "return {" + ", ".join(f"{name}: {JS(e)}" for name, e in guideline.outputs.items()) + "};",
        "cel": {name: CEL(e) for name, e in guideline.outputs.items()},
        "zen": zen(guideline),
        "json_rules": json_rules(guideline),
        "rego": rego(guideline),
        "dmn": dmn(guideline),
        "cql": cql(guideline),
        "sql": ", ".join(f"{SQL(e)} AS {name}" for name, e in guideline.outputs.items()),
    }


GUIDELINES = {each.__name__: each for each in (flagship, curb65, cha2ds2_vasc)}
