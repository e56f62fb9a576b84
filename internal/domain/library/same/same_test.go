package same

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	texts := []Planned{
		{1, "周末来静安店看看新车，试驾有礼，带上家人一起来吧"},
		{2, "周末来静安店看看新车，试驾有礼，带上家人一起来"},
		{3, "周末来天河店看看新车!!! 试驾有礼🎉 带上家人一起来吧"},
		{4, "今天教大家三招给车内除味，夏天再也不怕上车闻到怪味"},
		{5, "🎉🎉"},
		{6, "今天教大家三招给车里除味，夏天再也不怕上车闻到怪味了"},
		{7, "我们店的咖啡机终于修好了，路过的朋友进来坐坐"},
	}
	r := Check(texts, 0.65)
	if r.Texts != 6 || r.Over != 5 || len(r.Clusters) != 2 {
		t.Fatalf("%+v", r)
	}
	if !slices.Equal(r.Clusters[0].IDs, []int64{1, 2, 3}) || !slices.Equal(r.Clusters[1].IDs, []int64{4, 6}) || r.Highest < 0.9 {
		t.Errorf("%+v", r)
	}
	if r := Check(texts, 1); r.Over != 0 {
		t.Errorf("a threshold of 1 allows everything: %+v", r)
	}
	if (Report{}).Share() != 0 || r.Share() < 0.8 {
		t.Error("share")
	}
}

func TestThresholds(t *testing.T) {
	t.Parallel()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	const day = 20261128
	for w, want := range map[Where]float64{
		{Day: day}: 0.75,
		{Platform: "xiaohongshu", Kind: "image", Day: day}:               0.65,
		{Platform: "xiaohongshu", Kind: "fact", Day: day}:                0.88,
		{Platform: "douyin", Kind: "fact", Day: day}:                     0.92,
		{Platform: "xiaohongshu", Industry: "insurance", Day: day}:       0.85,
		{Platform: "weibo", Kind: "talk", Industry: "finance", Day: day}: 1,
		{Platform: "xiaohongshu", Day: 20190101}:                         1,
	} {
		if got := table.Of(w); got.Most != want {
			t.Errorf("%+v: %v", w, got)
		}
	}
}

// TestManyCopies holds that a mass of copies takes no square of time and ends in one cluster.
func TestManyCopies(t *testing.T) {
	t.Parallel()
	texts := make([]Planned, 20_000)
	for i := range texts {
		texts[i] = Planned{int64(i + 1), fmt.Sprintf("新车到店，周末来%d号展厅看看，试驾有礼，带上家人一起来吧", i%7)}
	}
	start := time.Now()
	r := Check(texts, 0.7)
	if len(r.Clusters) != 1 || r.Over != len(texts) {
		t.Errorf("%d clusters, %d texts", len(r.Clusters), r.Over)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}
