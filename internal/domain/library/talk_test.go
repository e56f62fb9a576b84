package library_test

import (
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/domain/library"
)

func TestTalksByStage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		talk := func(stage, objection, body string) library.Piece {
			return library.Piece{Kind: library.Talk, Title: objection, Content: library.Content{Stage: stage, Objection: objection, Body: body}}
		}
		price := talk("到店", "太贵了", "先看看省下的油钱。")
		price.ProductID = 5
		first := k.live(k.hq(), price)
		k.live(k.hq(), talk("试驾后", "再想想", "您最在意哪一点？"))
		k.create(k.hq(), talk("到店", "还没批准", "草稿"))
		k.turn(k.hq(), k.live(k.hq(), talk("到店", "停用的", "不用了")), library.Retire)
		k.live(k.store(), talk("到店", "本店的", "欢迎来本店。"))
		list, stages, err := k.Talks(t.Context(), k.kos(), library.TalkFilter{})
		if err != nil || len(list) != 3 || len(stages) != 2 || list[0].Stage != "到店" || list[2].Stage != "试驾后" {
			t.Fatalf("%+v %v %v", list, stages, err)
		}
		if list, _, _ = k.Talks(t.Context(), k.other(), library.TalkFilter{}); len(list) != 2 {
			t.Errorf("another store's: %+v", list)
		}
		if list, _, _ = k.Talks(t.Context(), k.hq(), library.TalkFilter{Stage: "到店"}); len(list) != 3 {
			t.Errorf("with drafts and the store's: %+v", list)
		}
		if list, _, _ = k.Talks(t.Context(), k.hq(), library.TalkFilter{ProductID: 5, Query: "油钱"}); len(list) != 1 || list[0].ID != first.ID || list[0].Product != "产品5" {
			t.Errorf("%+v", list)
		}
		// A new draft does not change what is told to customers.
		price.Content.Body = "别的话"
		if _, err := k.Save(t.Context(), k.hq(), first.ID, first.Rev, price); err != nil {
			t.Fatal(err)
		}
		if list, _, _ = k.Talks(t.Context(), k.hq(), library.TalkFilter{ProductID: 5}); len(list) != 1 || list[0].Body != "先看看省下的油钱。" {
			t.Errorf("%+v", list)
		}
	})
}
