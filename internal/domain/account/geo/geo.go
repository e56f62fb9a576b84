package geo

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/search"
)

//go:embed data/*.csv data/*.json
var dataFS embed.FS

// MapFile is the file in the data directory that replaces the shipped map.
const MapFile = "map.json"

// City is a prefecture-level city, or a county that stands directly under its province.
type City struct {
	Code     int    `json:"code"`
	Name     string `json:"name"`
	Short    string `json:"short"`
	Province string `json:"province"`
	Tier     int    `json:"tier"`
	Pinyin   string `json:"pinyin" doc:"whole pinyin and initials of the short name"`
}

// Atlas finds cities by code and by the names people give their units. It does not change after Load.
type Atlas struct {
	cities    map[int]City
	exact     map[string]int  // full and short names of cities
	counties  map[string]int  // names of counties that only one city has
	provinces map[string]bool // short names of provinces that are not cities themselves
	Source    string          // where the tiers come from
	ValidFrom string          // since when they hold
}

// Load reads the shipped data.
func Load() (*Atlas, error) {
	a := &Atlas{cities: map[int]City{}, exact: map[string]int{}, counties: map[string]int{}, provinces: map[string]bool{}}
	provinces := map[int]string{}
	if err := each("provinces", func(f []string) { provinces[atoi(f[0])] = f[1] }); err != nil {
		return nil, err
	}
	err := each("cities", func(f []string) {
		code := atoi(f[0])
		c := City{Code: code, Name: f[1], Short: short(f[1]), Province: short(provinces[code/10000*10000]), Tier: 6}
		full, initials := search.Pinyin(c.Short)
		c.Pinyin = full + " " + initials
		a.cities[code] = c
		a.exact[c.Name], a.exact[c.Short] = code, code
	})
	if err != nil {
		return nil, err
	}
	for code, name := range provinces {
		if _, isCity := a.cities[code]; !isCity {
			a.provinces[short(name)] = true
		}
	}
	if err := a.loadCounties(); err != nil {
		return nil, err
	}
	return a, a.loadTiers()
}

func (a *Atlas) loadCounties() error {
	const ambiguous = -1
	err := each("counties", func(f []string) {
		city := atoi(f[2])
		names := []string{f[1]}
		if s, ok := strings.CutSuffix(f[1], "市"); ok {
			names = append(names, s)
		}
		for _, n := range names {
			if had, ok := a.counties[n]; ok && had != city {
				city = ambiguous
			}
			a.counties[n] = city
		}
	})
	for n, c := range a.counties {
		if c == ambiguous {
			delete(a.counties, n)
		}
	}
	return err
}

func (a *Atlas) loadTiers() error {
	raw, err := dataFS.ReadFile("data/city_tiers.json")
	if err != nil {
		return err
	}
	var t struct {
		Source    string            `json:"source"`
		ValidFrom string            `json:"valid_from"`
		Tiers     map[string]string `json:"tiers"`
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return fmt.Errorf("geo: city_tiers.json: %w", err)
	}
	a.Source, a.ValidFrom = t.Source, t.ValidFrom
	for tier, names := range t.Tiers {
		for name := range strings.FieldsSeq(names) {
			code, ok := a.exact[name]
			if !ok {
				return fmt.Errorf("geo: city_tiers.json: no city %q", name)
			}
			c := a.cities[code]
			c.Tier = atoi(tier)
			a.cities[code] = c
		}
	}
	return nil
}

// Cities lists every city in order of its code.
func (a *Atlas) Cities() []City {
	return slices.SortedFunc(maps.Values(a.cities), func(x, y City) int { return x.Code - y.Code })
}

// City gives the city of a code; a district's code gives its city.
func (a *Atlas) City(code int) (City, bool) {
	for _, c := range []int{code, code / 100 * 100, code / 10000 * 10000} {
		if city, ok := a.cities[c]; ok {
			return city, true
		}
	}
	return City{}, false
}

// Of reads the city out of the names of a unit and its ancestors, the top first: a unit called by a city's name, else
// one whose name begins with a city, else one that names a county. Zero when none does.
func (a *Atlas) Of(names []string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if code, ok := a.exact[names[i]]; ok && !a.provinces[names[i]] {
			return code
		}
	}
	for _, index := range []map[string]int{a.exact, a.counties} {
		for i := len(names) - 1; i >= 0; i-- {
			if code := a.prefix(index, names[i]); code != 0 {
				return code
			}
		}
	}
	return 0
}

// prefix finds the longest name of at least two characters that s begins with; a province's name alone says no city.
func (a *Atlas) prefix(index map[string]int, s string) int {
	rs := []rune(s)
	for n := min(len(rs), 12); n >= 2; n-- {
		if code, ok := index[string(rs[:n])]; ok && !a.provinces[string(rs[:n])] {
			return code
		}
	}
	return 0
}

// Map gives the GeoJSON that coverage is drawn on (features with properties adcode and name): DATA/map.json when the
// operator put one there, else the shipped one. A replacing file that is not JSON is refused.
func Map(dataDir string) (raw []byte, replaced bool, err error) {
	if dataDir != "" {
		raw, err = os.ReadFile(filepath.Join(dataDir, MapFile))
		switch {
		case err == nil && json.Valid(raw):
			return raw, true, nil
		case err == nil:
			return nil, false, fmt.Errorf("geo: %s is not JSON", filepath.Join(dataDir, MapFile))
		case !errors.Is(err, fs.ErrNotExist):
			return nil, false, err
		}
	}
	raw, err = dataFS.ReadFile("data/map.json")
	return raw, false, err
}

func each(file string, fn func([]string)) error {
	raw, err := dataFS.ReadFile("data/" + file + ".csv")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(raw)) {
		fn(strings.Split(strings.TrimSpace(line), ","))
	}
	return nil
}

// peoples are cut from the names of autonomous prefectures: 延边朝鲜族自治州 is called 延边.
const peoples = "土家族 苗族 布依族 侗族 朝鲜族 藏族 羌族 彝族 哈尼族 壮族 傣族 白族 景颇族 傈僳族 回族 蒙古族 哈萨克族 蒙古 哈萨克 柯尔克孜 黎族 满族 壮族 回族 维吾尔"

func short(name string) string {
	s := name
	for _, tail := range []string{"特别行政区", "自治州", "自治区", "自治县", "地区", "林区", "省", "市", "盟", "县"} {
		if t, ok := strings.CutSuffix(s, tail); ok && len([]rune(t)) >= 2 {
			s = t
			break
		}
	}
	for again := true; again; {
		again = false
		for p := range strings.FieldsSeq(peoples) {
			if t, ok := strings.CutSuffix(s, p); ok && len([]rune(t)) >= 2 {
				s, again = t, true
			}
		}
	}
	return s
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // shipped data, checked by the tests
	return n
}
