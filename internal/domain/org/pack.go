package org

import (
	"embed"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
)

//go:embed packs/*.yaml
var packs embed.FS

// Pack is the dated knowledge behind the start page: data of packs/, not code.
type Pack struct {
	Day        clock.Day   `json:"day" yaml:"-"`
	DayText    string      `json:"-" yaml:"day"`
	Conditions []Condition `json:"conditions" yaml:"conditions"`
	Source     string      `json:"source" yaml:"conditions_source"`
	Goals      []Goal      `json:"goals" yaml:"goals"`
	Industries []Word      `json:"industries" yaml:"industries"`
	Platforms  []Platform  `json:"platforms" yaml:"platforms"`
	Layouts    []Layout    `json:"layouts" yaml:"layouts"`
	Structures []Structure `json:"structures" yaml:"structures"`
}

// Word is a key with its names.
type Word struct {
	Key string `json:"key" yaml:"key"`
	Zh  string `json:"zh" yaml:"zh"`
	En  string `json:"en" yaml:"en"`
}

// Condition is one of the six conditions of the self-test, with the advice for when it does not hold.
type Condition struct {
	Word     `yaml:",inline"`
	AdviceZh string `json:"advice_zh" yaml:"advice_zh"`
	AdviceEn string `json:"advice_en" yaml:"advice_en"`
}

// Goal is what the matrix is for; its KPIs are proposed first.
type Goal struct {
	Word   `yaml:",inline"`
	KpisZh []string `json:"kpis_zh" yaml:"kpis_zh"`
	KpisEn []string `json:"kpis_en" yaml:"kpis_en"`
}

// Platform is what the pack knows about a platform's audience.
type Platform struct {
	Slug       string   `json:"slug" yaml:"slug"`
	Zh         string   `json:"zh" yaml:"zh"`
	En         string   `json:"en" yaml:"en"`
	Gender     string   `json:"gender" yaml:"gender"`
	Ages       []string `json:"ages" yaml:"ages"`
	Tiers      []string `json:"tiers" yaml:"tiers"`
	Spending   []string `json:"spending" yaml:"spending"`
	Feed       string   `json:"feed" yaml:"feed"`
	Industries []string `json:"industries" yaml:"industries"`
	Goals      []string `json:"goals" yaml:"goals"`
	StrengthZh string   `json:"strength_zh" yaml:"strength_zh"`
	StrengthEn string   `json:"strength_en" yaml:"strength_en"`
	Source     string   `json:"source" yaml:"source"`
}

// Layout is a shape of the matrix with what speaks for and against it.
type Layout struct {
	Word    `yaml:",inline"`
	ShapeZh string   `json:"shape_zh" yaml:"shape_zh"`
	ShapeEn string   `json:"shape_en" yaml:"shape_en"`
	ProsZh  []string `json:"pros_zh" yaml:"pros_zh"`
	ProsEn  []string `json:"pros_en" yaml:"pros_en"`
	ConsZh  []string `json:"cons_zh" yaml:"cons_zh"`
	ConsEn  []string `json:"cons_en" yaml:"cons_en"`
	Source  string   `json:"source" yaml:"source"`
}

// Structure is a way to manage the matrix, with the units it creates.
type Structure struct {
	Word   `yaml:",inline"`
	WhenZh string         `json:"when_zh" yaml:"when_zh"`
	WhenEn string         `json:"when_en" yaml:"when_en"`
	ProsZh []string       `json:"pros_zh" yaml:"pros_zh"`
	ProsEn []string       `json:"pros_en" yaml:"pros_en"`
	ConsZh []string       `json:"cons_zh" yaml:"cons_zh"`
	ConsEn []string       `json:"cons_en" yaml:"cons_en"`
	Units  []UnitTemplate `json:"-" yaml:"units"`
	Source string         `json:"source" yaml:"source"`
}

// UnitTemplate is a unit of a structure; "{line}" and "{region}" in its path stand for each name given.
type UnitTemplate struct {
	Path string     `yaml:"path"`
	Kind Kind       `yaml:"kind"`
	Role authz.Role `yaml:"role"`
}

func (u UnitTemplate) paths(a Answers) []string {
	var names []string
	var mark string
	switch {
	case strings.Contains(u.Path, "{line}"):
		names, mark = a.Lines, "{line}"
	case strings.Contains(u.Path, "{region}"):
		names, mark = a.Regions, "{region}"
	default:
		return []string{u.Path}
	}
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, strings.ReplaceAll(u.Path, mark, n))
	}
	return out
}

// LoadPack reads the newest pack that is shipped.
func LoadPack() (*Pack, error) {
	files, err := packs.ReadDir("packs")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("org: no platform pack: %w", err)
	}
	raw, err := packs.ReadFile("packs/" + files[len(files)-1].Name()) // names sort by date
	if err != nil {
		return nil, err
	}
	var p Pack
	if err := yaml.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("org: platform pack: %w", err)
	}
	p.Day, err = clock.ParseDay(p.DayText)
	return &p, err
}
