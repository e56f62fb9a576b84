// Package webtest drives a real Router with scenario rows: who calls what with which body, and what comes back. Actors
// are given directly, so rooms test their routes without signing in.
package webtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web"
)

// Room is what a test gives of a room.
type Room struct {
	Permissions []authz.Permission
	Messages    []i18n.Source // of the room; the base texts are always there
	Routes      func(*web.Router)
	Clock       clock.Clock // the system's when nil
	Idempotency web.Idempotency
	// Events takes the names of the events published since the last call; for Scenario.Events.
	Events func(t testing.TB) []string
}

// Server is a router under test.
type Server struct {
	Router *web.Router
	Perms  *authz.Set
	room   Room
}

type actorKey struct{}

// New builds the router of a room.
func New(t testing.TB, room Room) *Server {
	t.Helper()
	perms, err := authz.NewSet(room.Permissions...)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load(append([]i18n.Source{web.Messages()}, room.Messages...)...)
	if err != nil {
		t.Fatal(err)
	}
	if room.Clock == nil {
		room.Clock = clock.System()
	}
	s := &Server{Perms: perms, room: room}
	s.Router = web.New(web.Options{
		Perms: perms, Messages: texts, Clock: room.Clock, Cursors: Cursors(), Idempotency: room.Idempotency, Version: "test",
		Authenticate: func(_ context.Context, r *http.Request) (authz.Actor, error) {
			a, ok := r.Context().Value(actorKey{}).(authz.Actor)
			if !ok {
				return authz.Actor{}, errs.New(errs.Unauthenticated, "base.login_needed")
			}
			return a, nil
		},
	})
	room.Routes(s.Router)
	return s
}

// Cursors signs with a key that only tests use.
func Cursors() *web.Cursors {
	box, err := seal.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		panic(err) // a constant key
	}
	return web.NewCursors(box)
}

// Actor makes a user of a brand who holds one role over the units; no units mean the whole brand. Call it through
// Server.As, or pass it to a Scenario, so that the role means something.
func Actor(brand id.ID, role authz.Role, units ...id.ID) authz.Actor {
	a := authz.Actor{Kind: authz.User, BrandID: brand, UserID: 9001, Name: "测试员", Zone: clock.Shanghai()}
	for _, u := range units {
		a.Grants = append(a.Grants, authz.Grant{Role: role, UnitID: u})
	}
	if len(units) == 0 {
		a.Grants = []authz.Grant{{Role: role}}
	}
	return a
}

// As binds an actor to the server's permissions, for calling services directly.
func (s *Server) As(a authz.Actor) authz.Actor { return authz.NewActor(a, s.Perms) }

// Scenario is one call and what is expected of it.
type Scenario struct {
	Name    string
	Method  string // GET when empty
	URL     string
	Actor   *authz.Actor // nobody when nil
	Body    any          // io.Reader and string as they are, anything else as JSON
	Headers map[string]string
	Status  int
	// Contains lists texts that the body must hold, Lacks texts that it must not.
	Contains, Lacks []string
	// JSON maps paths such as "items.0.name" or "errors.0.path" to the expected value; "items.#" is a list's length.
	JSON map[string]any
	// Events are the names of the events published by the call, in order; nil means not looked at.
	Events []string
	// After sees the answer.
	After func(t *testing.T, res *Result)
}

// Result is an answer.
type Result struct {
	Status int
	Header http.Header
	Body   []byte
}

// Decode reads the JSON body.
func (r *Result) Decode(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.Body, v); err != nil {
		t.Fatalf("%v in %s", err, r.Body)
	}
}

// Run plays the scenarios in order, each as a subtest.
func (s *Server) Run(t *testing.T, rows []Scenario) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) { s.play(t, row) })
	}
}

// Do makes the call of a scenario without looking at the answer.
func (s *Server) Do(t testing.TB, row Scenario) *Result {
	t.Helper()
	if row.Method == "" {
		row.Method = http.MethodGet
	}
	req := httptest.NewRequestWithContext(t.Context(), row.Method, row.URL, body(t, row.Body))
	for k, v := range row.Headers {
		req.Header.Set(k, v)
	}
	if row.Actor != nil {
		req = req.WithContext(context.WithValue(req.Context(), actorKey{}, s.As(*row.Actor)))
	}
	rec := httptest.NewRecorder()
	s.Router.ServeHTTP(rec, req)
	return &Result{Status: rec.Code, Header: rec.Header(), Body: rec.Body.Bytes()}
}

func (s *Server) play(t *testing.T, row Scenario) {
	t.Helper()
	res := s.Do(t, row)
	want := row.Status
	if want == 0 {
		want = http.StatusOK
	}
	if res.Status != want {
		t.Fatalf("%s %s: status %d, want %d: %s", row.Method, row.URL, res.Status, want, res.Body)
	}
	for _, c := range row.Contains {
		if !bytes.Contains(res.Body, []byte(c)) {
			t.Errorf("no %q in %s", c, res.Body)
		}
	}
	for _, c := range row.Lacks {
		if bytes.Contains(res.Body, []byte(c)) {
			t.Errorf("%q in %s", c, res.Body)
		}
	}
	if len(row.JSON) > 0 {
		var tree any
		res.Decode(t, &tree)
		for path, v := range row.JSON {
			if got := at(tree, path); !same(got, v) {
				t.Errorf("%s is %v, want %v in %s", path, got, v, res.Body)
			}
		}
	}
	if row.Events != nil {
		if got := s.room.Events(t); !slices.Equal(got, row.Events) {
			t.Errorf("events %v, want %v", got, row.Events)
		}
	}
	if row.After != nil {
		row.After(t, res)
	}
}

func body(t testing.TB, v any) io.Reader {
	t.Helper()
	switch b := v.(type) {
	case nil:
		return nil
	case io.Reader:
		return b
	case string:
		return strings.NewReader(b)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(raw)
}

// at walks "items.0.name"; missing parts give nil.
func at(tree any, path string) any {
	for part := range strings.SplitSeq(path, ".") {
		switch node := tree.(type) {
		case map[string]any:
			tree = node[part]
		case []any:
			if part == "#" {
				return len(node)
			}
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(node) {
				return nil
			}
			tree = node[i]
		default:
			return nil
		}
	}
	return tree
}

// same compares a JSON value with a Go value of any type by its JSON.
func same(got, want any) bool {
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	return bytes.Equal(a, b) || fmt.Sprint(got) == fmt.Sprint(want) && got != nil
}

// Time is a fixed moment for fake clocks: 2026-11-22 09:00 in Shanghai.
func Time() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()) }
