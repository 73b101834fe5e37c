// Peers of Go: peers cel_go|opa SOURCES.json PATIENTS.json SECONDS. Prints what peers.mjs prints.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/open-policy-agent/opa/v1/rego"
)

type patient = map[string]any
type decider func(patient) map[string]any

type sources struct {
	Inputs  map[string]string `json:"inputs"`
	Outputs []string          `json:"outputs"`
	Cel     map[string]string `json:"cel"`
	Rego    string            `json:"rego"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	check(err)
	check(json.Unmarshal(text, into))
}

func celGo(s sources) (decider, decider) {
	kinds := map[string]*cel.Type{"flag": cel.BoolType, "choice": cel.StringType, "number": cel.IntType}
	options := []cel.EnvOption{}
	for name, kind := range s.Inputs {
		options = append(options, cel.Variable(name, kinds[kind]))
	}
	env, err := cel.NewEnv(options...)
	check(err)
	program := func(text string) cel.Program {
		ast, issues := env.Compile(text)
		check(issues.Err())
		made, err := env.Program(ast)
		check(err)
		return made
	}
	programs := make([]cel.Program, len(s.Outputs))
	for i, name := range s.Outputs {
		programs[i] = program(s.Cel[name])
	}
	trivial := program("true")
	decide := func(p patient) map[string]any {
		answer := make(map[string]any, len(programs))
		for i, each := range programs {
			value, _, err := each.Eval(p)
			check(err)
			answer[s.Outputs[i]] = value.Value()
		}
		return answer
	}
	return decide, func(p patient) map[string]any {
		_, _, err := trivial.Eval(p)
		check(err)
		return nil
	}
}

func opa(s sources) (decider, decider) {
	ctx := context.Background()
	prepare := func(module string) rego.PreparedEvalQuery {
		query, err := rego.New(rego.Query("data.guideline.result"), rego.Module("guideline.rego", module)).PrepareForEval(ctx)
		check(err)
		return query
	}
	ask := func(query rego.PreparedEvalQuery, p patient) map[string]any {
		results, err := query.Eval(ctx, rego.EvalInput(p))
		check(err)
		if len(results) == 0 {
			return map[string]any{}
		}
		return results[0].Expressions[0].Value.(map[string]any)
	}
	query, trivial := prepare(s.Rego), prepare("package guideline\nimport rego.v1\nresult[\"x\"] := true\n")
	return func(p patient) map[string]any { return ask(query, p) }, func(p patient) map[string]any { return ask(trivial, p) }
}

func rate(decide decider, patients []patient, seconds float64) float64 {
	start, count := time.Now(), 0
	for time.Since(start).Seconds() < seconds {
		for _, p := range patients[:min(200, len(patients))] {
			decide(p)
			count++
		}
	}
	return float64(count) / time.Since(start).Seconds()
}

func main() {
	var s sources
	var patients []patient
	read(os.Args[2], &s)
	read(os.Args[3], &patients)
	seconds, err := strconv.ParseFloat(os.Args[4], 64)
	check(err)
	for _, p := range patients { // JSON's numbers are doubles; these are whole
		for name, value := range p {
			if number, is := value.(float64); is {
				p[name] = int64(number)
			}
		}
	}
	begin := time.Now()
	makers := map[string]func(sources) (decider, decider){"cel_go": celGo, "opa": opa}
	decide, nothing := makers[os.Args[1]](s)
	prepare := time.Since(begin).Seconds()
	answers := make([][]any, 0, len(patients))
	for _, p := range patients {
		answer, row := decide(p), []any{}
		for _, name := range s.Outputs {
			value, is := answer[name]
			if !is {
				value = false
			}
			row = append(row, value)
		}
		answers = append(answers, row)
	}
	text, err := json.Marshal(map[string]any{"answers": answers, "rate": rate(decide, patients, seconds),
		"overhead": 1 / rate(nothing, patients, seconds), "prepare": prepare})
	check(err)
	fmt.Println(string(text))
}
