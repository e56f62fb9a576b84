package library_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/library"
)

// TestRewrite: a freer text is taken when it keeps the numbers and the rules, else the own one stands.
func TestRewrite(t *testing.T) {
	t.Parallel()
	said := `{"title":"","body":"3 天内来坐坐，静安店等你"}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer geheim" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": said}}}})
	}))
	t.Cleanup(srv.Close)
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		admin := actor(t, authz.BrandAdmin, 1, 0)
		p := template("三天", "3 天内来 {门店}，{{a: 等你 | 欢迎}}")
		p.Content.Title = ""
		it := k.live(k.hq(), p)
		take := func() library.Taken {
			got, err := k.Take(t.Context(), k.kos(), it.ID, 0, true)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if take().Written {
			t.Error("written without an endpoint")
		}
		key := "geheim"
		if err := k.SetSettings(t.Context(), k.hq(), library.Settings{}, nil); !errs.Is(err, "library.whole_brand") {
			t.Error(err)
		}
		if err := k.SetSettings(t.Context(), admin, library.Settings{Enabled: true, URL: "x"}, nil); !errs.Is(err, "library.endpoint_url") || !errs.Is(err, "library.endpoint_model") {
			t.Error(err)
		}
		if err := k.SetSettings(t.Context(), admin, library.Settings{Enabled: true, URL: srv.URL, Model: "m"}, &key); err != nil {
			t.Fatal(err)
		}
		if got := take(); !got.Written || got.Text.Body != "3 天内来坐坐，静安店等你" {
			t.Errorf("%+v", got)
		}
		k.ban("坐坐")
		if got := take(); got.Written || got.Text.Body == "" {
			t.Errorf("a refused answer was taken: %+v", got)
		}
	})
}
