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
		if err := k.SetSettings(t.Context(), admin, library.Settings{Enabled: true, URL: "http://127.0.0.1:9", Model: "m"}, nil); !errs.Is(err, "library.endpoint_key_again") {
			t.Errorf("the kept key goes to another host: %v", err)
		}
		if err := k.SetSettings(t.Context(), admin, library.Settings{Enabled: true, URL: srv.URL + "/v1", Model: "m"}, nil); err != nil {
			t.Error(err)
		}
		k.ban("坐坐")
		if got := take(); got.Written || got.Text.Body == "" {
			t.Errorf("a refused answer was taken: %+v", got)
		}
	})
}

// TestTryEndpoint: an endpoint is tried before it is chosen, and what went wrong is told.
func TestTryEndpoint(t *testing.T) {
	t.Parallel()
	status, said := http.StatusOK, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer geheim" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": said}}}})
	}))
	t.Cleanup(srv.Close)
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		admin := actor(t, authz.BrandAdmin, 1, 0)
		key, wrong := "geheim", "falsch"
		set := library.Settings{URL: srv.URL, Model: "m"}
		good := `{"title":"周末来看车","body":"3 天内都能试驾，9 点开门，一家人一起来。"}`
		for _, c := range []struct {
			status       int
			said         string
			key          *string
			want         string
			wantedStatus int
		}{
			{200, good, &key, "library.trial_ok", 0},
			{200, good, &wrong, "library.trial_key", 401},
			{404, good, &key, "library.trial_missing", 404},
			{429, good, &key, "library.trial_quota", 429},
			{500, good, &key, "library.trial_status", 500},
			{200, "hello", &key, "library.trial_answer", 0},
			{200, `{"title":"周末","body":"4 天内都能试驾"}`, &key, "library.trial_numbers", 0},
			{200, `{"title":"最好的车","body":"3 天内试驾，9 点开门"}`, &key, "library.trial_rules", 0},
		} {
			status, said = c.status, c.said
			got, err := k.TryEndpoint(t.Context(), admin, set, c.key)
			if err != nil || got.Slug != c.want || got.Status != c.wantedStatus || got.OK != (c.want == "library.trial_ok") {
				t.Errorf("%s: %+v %v", c.want, got, err)
			}
		}
		if got, err := k.TryEndpoint(t.Context(), admin, library.Settings{URL: "http://127.0.0.1:1", Model: "m"}, &key); err != nil || got.Slug != "library.trial_unreached" {
			t.Errorf("%+v %v", got, err)
		}
		if s, err := k.Settings(t.Context(), admin); err != nil || s.URL != "" || s.HasKey {
			t.Errorf("a trial was kept: %+v %v", s, err)
		}
		if _, err := k.TryEndpoint(t.Context(), k.hq(), set, &key); !errs.Is(err, "library.whole_brand") {
			t.Error(err)
		}
	})
}
