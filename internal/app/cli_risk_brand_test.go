package app_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestTrainingABrandsRanker: too few verdicts say how many are missing, and the two ways of training are not mixed.
func TestTrainingABrandsRanker(t *testing.T) {
	t.Parallel()
	c := contract{T: t, flags: []string{"--data", t.TempDir()}, dir: t.TempDir()}
	c.want(0, c.run("Str0ng-pass-9271\n", "brand", "create", "--slug", "acme", "--name", "测试品牌", "--admin-email", "a@example.com", "--admin-password-stdin"))
	if r := c.want(1, c.run("", "risk", "train", "--brand", "acme")); !strings.Contains(r.err, "审核结论还不够") || !strings.Contains(r.err, "30") {
		t.Error(r.err)
	}
	c.want(1, c.run("", "risk", "train", "--brand", "nobody"))
	rows := c.file("rows.csv", "text,label\na,1\n")
	for _, args := range [][]string{{}, {"--use", rows}, {rows}, {"--out", filepath.Join(c.dir, "m")}, {"--brand", "acme", rows}} {
		c.want(2, c.run("", append([]string{"risk", "train"}, args...)...))
	}
}
