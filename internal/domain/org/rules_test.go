package org_test

import (
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/domain/org"
)

func TestParsing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]org.Kind{"store": org.KindStore, " 门店": org.KindStore, "４Ｓ店": org.KindStore, "Region": org.KindRegion, "经销商": org.KindDealer, "": "", "星球": ""} {
		if got, ok := org.ParseKind(in); got != want || ok != (want != "") {
			t.Errorf("kind %q: %q %v", in, got, ok)
		}
	}
	for in, want := range map[string]authz.Role{"KOS": authz.KOS, "导购": authz.KOS, "店长": authz.StoreManager, "": "", "金牌": ""} {
		if got, ok := org.ParseRole(in); got != want || ok != (want != "") {
			t.Errorf("role %q: %q %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{
		"13800138000": "+8613800138000", "138-0013 8000": "+8613800138000", "+86 138 0013 8000": "+8613800138000", "１３８００１３８０００": "+8613800138000",
		"13800138000.0": "+8613800138000", "'13800138000": "+8613800138000", "+852 5123 4567": "+85251234567", "021-62345678": "+862162345678",
		"12": "", "": "", "王小明": "", "1380013800": "", "138001380000000": "",
	} {
		if got, ok := org.ParsePhone(in); got != want || ok != (want != "") {
			t.Errorf("phone %q: %q %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"+8613800138000": "138****8000", "+85251234567": "+852****4567", "+123": "****"} {
		if got := org.MaskPhone(in); got != want {
			t.Errorf("mask %q: %q", in, got)
		}
	}
	for in, want := range map[string]int{"华东/上海": 2, " 华东 ／ 上海 /静安店/": 3, "/": 0, "": 0, "华东//上海": 0, "\u200b": 0, "华东/\u202e": 0, "1/2/3/4/5/6/7/8/9": 0} {
		if names, slug := org.SplitPath(in); len(names) != want || (slug == "") != (want > 0) {
			t.Errorf("path %q: %q %s", in, names, slug)
		}
	}
	if names, _ := org.SplitPath("华\u200b东\x00/\u202e静安\ufeff店/👩\u200d🔧班"); strings.Join(names, "/") != "华东/静安店/👩\u200d🔧班" {
		t.Errorf("names with hidden marks: %q", names)
	}
}

func TestTenure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		joined, until clock.Day
		want          int
	}{{20260122, 20261122, 10}, {20260123, 20261122, 9}, {0, 20261122, 0}, {20270101, 20261122, 0}, {20241122, 20261122, 24}} {
		if got := org.TenureMonths(c.joined, c.until); got != c.want {
			t.Errorf("%d to %d: %d", c.joined, c.until, got)
		}
	}
}

func FuzzSplitPath(f *testing.F) {
	f.Add("华东/上海/静安店")
	f.Add("／ a//b ")
	f.Fuzz(func(t *testing.T, s string) {
		names, slug := org.SplitPath(s)
		if (slug == "") != (len(names) > 0) || len(names) > org.MaxDepth {
			t.Fatalf("%q: %q %s", s, names, slug)
		}
	})
}

func FuzzParsePhone(f *testing.F) {
	f.Add("138 0013 8000")
	f.Fuzz(func(t *testing.T, s string) {
		e164, ok := org.ParsePhone(s)
		if !ok {
			return
		}
		if again, ok := org.ParsePhone(e164); !ok || again != e164 {
			t.Fatalf("%q → %q → %q", s, e164, again)
		}
		_ = org.MaskPhone(e164)
	})
}
