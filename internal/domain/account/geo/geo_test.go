package geo_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kosmos/internal/domain/account/geo"
)

func TestOf(t *testing.T) {
	t.Parallel()
	a, err := geo.Load()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"华东/上海/静安店": "上海市", "华南/广州/天河店": "广州市", "华北/北京/朝阳店": "北京市", "东北/吉林/长春红旗店": "长春市",
		"东北/辽宁/朝阳市/一店": "朝阳市", "华东/江苏/昆山店": "苏州市", "浙江/义乌市/旗舰店": "金华市", "西南/重庆/渝北店": "重庆市",
		"西北/新疆/伊犁": "伊犁哈萨克自治州", "东北/延边/一店": "延边朝鲜族自治州", "港澳/香港/铜锣湾店": "香港特别行政区", "总部/市场部": "",
		"华南/海南/海口店": "海口市", "华东": "", "西南/大理白族自治州": "大理白族自治州", "中原/济源": "济源市",
	} {
		c, _ := a.City(a.Of(strings.Split(path, "/")))
		if c.Name != want {
			t.Errorf("%s: %q, want %q", path, c.Name, want)
		}
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	a, err := geo.Load()
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[int]int{310000: 1, 310106: 1, 440300: 1, 510100: 2, 440600: 3, 460100: 4, 150200: 5, 622900: 6} {
		if c, ok := a.City(code); !ok || c.Tier != want {
			t.Errorf("%d: %+v", code, c)
		}
	}
	if _, ok := a.City(999999); ok {
		t.Error("an unknown code has a city")
	}
	if a.Source == "" || a.ValidFrom == "" {
		t.Error("the tiers do not say where they come from")
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	raw, replaced, err := geo.Map("")
	if err != nil || replaced || len(raw) > 1<<20 {
		t.Fatal(len(raw), replaced, err)
	}
	var m struct {
		Features []struct {
			Properties struct {
				Adcode int    `json:"adcode"`
				Name   string `json:"name"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &m); err != nil || len(m.Features) < 350 {
		t.Fatal(len(m.Features), err)
	}
	a, _ := geo.Load()
	for _, f := range m.Features {
		if _, ok := a.City(f.Properties.Adcode); !ok {
			t.Errorf("the map shows %d %s, which is no city", f.Properties.Adcode, f.Properties.Name)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, geo.MapFile), []byte(`{"features":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if raw, replaced, err := geo.Map(dir); err != nil || !replaced || string(raw) != `{"features":[]}` {
		t.Fatal(string(raw), replaced, err)
	}
	if err := os.WriteFile(filepath.Join(dir, geo.MapFile), []byte(`oops`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := geo.Map(dir); err == nil {
		t.Fatal("a broken map was accepted")
	}
}
