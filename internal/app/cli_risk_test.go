package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/app"
)

// command runs kosmos with an input.
func command(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = app.Command(context.Background(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

type checked struct {
	ID       any     `json:"id"`
	Verdict  string  `json:"verdict"`
	Score    float64 `json:"score"`
	Version  string  `json:"version"`
	Findings []struct {
		Rule, Category, Severity, Text, Article, Rewrite string
		Start, End                                       int
	} `json:"findings"`
}

func results(t *testing.T, out string) []checked {
	t.Helper()
	var all []checked
	for line := range strings.Lines(out) {
		var c checked
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, c)
	}
	return all
}

func TestRiskScan(t *testing.T) {
	t.Parallel()
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(mine, []byte("name: mine\nversion: '1'\ntitle: {zh: 我的}\nsource: 内部\ncategory: brand\ngroups:\n  - severity: high\n    article: 内部规定\n    reason: {zh: 未上市}\n    rules:\n      - {id: secret, terms: [银河计划], from: 2026-01-01}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, in string
		args     []string
		code     int
		ids      []any
		verdicts string
		stderr   string
	}{
		{"lines", "全网最低价\n今天天气好\n", nil, 0, []any{"1", "2"}, "block pass", ""},
		{"an empty line is a text", "\n全网最低价", nil, 0, []any{"1", "2"}, "pass block", ""},
		{"objects keep their ids", `{"id":7,"text":"国家级"}` + "\n\n" + `{"id":"x","text":""}`, nil, 0, []any{7.0, "x"}, "block pass", ""},
		{"an object without id has its line", `{"text":"国家级"}`, nil, 0, []any{"1"}, "block", ""},
		{"faulty lines are named and the rest goes on", `{"id":1,"text":"好"}` + "\n{bad\n" + `{"id":3}` + "\n" + `{"id":4,"text":"国家级"}`, nil, 0, []any{1.0, 4.0}, "pass block", "line 2"},
		{"strict: one faulty line fails the whole", `{"id":1,"text":"好"}` + "\n{bad\n", []string{"--strict"}, 1, []any{1.0}, "pass", "line 2"},
		{"a faulty first line is no text", "{bad\n" + `{"id":2,"text":"国家级"}`, nil, 0, []any{2.0}, "block", "line 1"},
		{"nor is the rest of a cut one", `"text":"国家级"}` + "\n" + `{"id":2,"text":"好"}`, nil, 0, []any{2.0}, "pass", "line 1"},
		{"nothing could be read", `{'id':1,'text':'国家级'}`, nil, 1, nil, "", "line 1"},
		{"a text without quotes is no object", `{"id":1,"text":国家级}`, nil, 1, nil, "", "line 1"},
		{"deep in the input", strings.Repeat(`{"id":1,"text":"好"}`+"\n", 20) + "国家级", nil, 0, slices.Repeat([]any{1.0}, 20), strings.TrimSpace(strings.Repeat("pass ", 20)), "line 21"},
		{"the words people say", "全网最低价", []string{"--platform", "小红书", "--industry", "汽车", "--kind", "笔记"}, 0, []any{"1"}, "block", ""},
		{"other words", "好", []string{"--platform", "XHS", "--industry", "cosmetics"}, 0, []any{"1"}, "pass", ""},
		{"an industry of the shipped packs", "好", []string{"--industry", "health"}, 0, []any{"1"}, "pass", ""},
		{"wrong platform", "好", []string{"--platform", "myspace"}, 2, nil, "", "xiaohongshu"},
		{"wrong industry", "好", []string{"--industry", "rockets"}, 2, nil, "", "automotive"},
		{"a byte order mark is no text", "\ufeff" + `{"id":1,"text":"好"}`, nil, 0, []any{1.0}, "pass", ""},
		{"a line that begins with a brace", "{活动}全网最低价", nil, 0, []any{"1"}, "block", ""},
		{"own pack", "银河计划很好", []string{"--pack", mine}, 0, []any{"1"}, "block", ""},
		{"own pack before its day", "银河计划很好", []string{"--pack", mine, "--at", "2025-12-31"}, 0, []any{"1"}, "pass", ""},
		{"own pack alone", "全网最低价", []string{"--pack", mine, "--only"}, 0, []any{"1"}, "pass", ""},
		{"wrong day", "好", []string{"--at", "yesterday"}, 2, nil, "", "yesterday"},
		{"wrong kind", "好", []string{"--kind", "poem"}, 2, nil, "", "kind"},
		{"no such pack", "好", []string{"--pack", mine + ".not"}, 2, nil, "", "mine.yaml.not"},
		{"nothing", "", nil, 0, nil, "", ""},
	} {
		code, out, errs := command(t, tt.in, append([]string{"risk", "scan", "--kind", "post"}, tt.args...)...)
		rs := results(t, out)
		var ids []any
		var verdicts []string
		for _, r := range rs {
			ids, verdicts = append(ids, r.ID), append(verdicts, r.Verdict)
		}
		if code != tt.code || fmt.Sprint(ids) != fmt.Sprint(tt.ids) || strings.Join(verdicts, " ") != tt.verdicts || !strings.Contains(errs, tt.stderr) {
			t.Errorf("%s: code %d, %v %v, %s", tt.name, code, ids, verdicts, errs)
		}
	}
}

func TestRiskTrain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var csv, jsonl strings.Builder
	csv.WriteString("\ufefftext,label\n")
	for i := range 30 {
		fmt.Fprintf(&csv, "出售账号%d号便宜,1\n今天天气%d度不错,0\n", i, i)
		fmt.Fprintf(&jsonl, `{"text":"你这个坏蛋%d","label":1}`+"\n"+`{"text":"谢谢你%d","label":0}`+"\n", i, i)
	}
	for name, body := range map[string]string{"a.csv": csv.String(), "b.jsonl": jsonl.String(), "few.csv": "text,label\na,1\nb,0\n", "head.csv": "words,mark\na,1\n", "bad.jsonl": "{\"text\":\"a\",\"label\":1}\n{\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	train := func(args ...string) (int, string, string) {
		return command(t, "", append([]string{"risk", "train", "--at", "2026-11-22"}, args...)...)
	}
	if code, out, errs := train("--out", at("m1"), "--label", "ad", at("a.csv")); code != 0 || !strings.Contains(out, "version") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	if code, _, errs := train("--out", at("m2"), "--label", "ad", at("a.csv")); code != 0 {
		t.Fatal(errs)
	}
	one, _ := os.ReadFile(at("m1"))
	two, _ := os.ReadFile(at("m2"))
	if len(one) == 0 || !bytes.Equal(one, two) {
		t.Error("the same rows give the same file")
	}
	if code, _, errs := train("--out", at("m3"), "--label", "abuse", at("b.jsonl")); code != 0 {
		t.Error(errs)
	}
	code, out, _ := command(t, "出售账号便宜\n今天天气不错\n", "risk", "scan", "--kind", "comment", "--model", at("m1"))
	if rs := results(t, out); code != 0 || len(rs) != 2 || rs[0].Verdict != "review" || rs[1].Verdict != "pass" {
		t.Errorf("%d %s", code, out)
	}
	for name, want := range map[string]string{"few.csv": "at least 10", "head.csv": "line 1", "bad.jsonl": "line 2"} {
		if code, _, errs := train("--out", at("m4"), at(name)); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", name, code, errs)
		}
	}
	if code, _, errs := command(t, "好\n", "risk", "scan", "--model", at("a.csv")); code != 1 || !strings.Contains(errs, "no ranker model") {
		t.Errorf("%d %s", code, errs)
	}
}
