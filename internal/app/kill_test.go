package app

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/desk"
	"kosmos/internal/domain/identity"
)

// Where the process of the test dies: with everything of a decision written but not committed, or committed with nobody
// told.
const (
	dieBefore = "before the commit"
	dieAfter  = "after the commit"
)

// lethal kills the process while a decision is on its way to the chain.
type lethal struct {
	desk.Evidence
	when string
}

// Append implements desk.Evidence.
func (l lethal) Append(ctx context.Context, tx *db.Tx, brand id.ID, steps ...desk.Step) error {
	if err := l.Evidence.Append(ctx, tx, brand, steps...); err != nil {
		return err
	}
	if l.when == dieBefore {
		die()
	}
	tx.AfterCommit(die)
	return nil
}

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way
}

func deskActor(a *App, brand, user id.ID, role authz.Role) authz.Actor {
	return authz.NewActor(authz.Actor{
		Kind: authz.User, BrandID: brand, UserID: user, Name: "人" + user.String(), Zone: clock.Shanghai(), Grants: []authz.Grant{{Role: role}},
	}, a.perms)
}

// TestDecisionSurvivesKill kills the program (SIGKILL) in the middle of a review decision: nothing is lost, nothing
// stands twice, and the reviewer's second try with the same words is the same decision.
func TestDecisionSurvivesKill(t *testing.T) {
	if os.Getenv("KOSMOS_TEST_DIE") != "" {
		dying(t)
		return
	}
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Data: t.TempDir(), DB: "sqlite"}
			if engine == "postgres" {
				cfg.DB = dbtest.URL(t, nil)
			}
			brand, waiting := waitingFor(t, cfg)
			for i, when := range []string{dieBefore, dieAfter} {
				killed(t, cfg, when, brand, waiting[i])
				verdictOnce(t, cfg, when, brand, waiting[i])
			}
		})
	}
}

// waitingFor makes a brand with two submissions that wait for a reviewer.
func waitingFor(t *testing.T, cfg Config) (brand id.ID, waiting []id.ID) {
	t.Helper()
	inside(t, cfg, func(ctx context.Context, a *App) {
		b, err := a.Identity.CreateBrand(ctx, identity.NewBrand{Slug: "acme", Name: "测试", AdminLogin: "a@example.com", AdminName: "管", Password: "correct horse 48 battery"})
		if err != nil {
			t.Fatal(err)
		}
		brand = b.ID
		for _, n := range []string{"1", "2"} {
			s, err := a.Desk.Submit(ctx, deskActor(a, brand, 81, authz.KOS), desk.Draft{
				Platform: "xiaohongshu", Kind: "post", Texts: []desk.Text{{Field: "body", Text: n + "号新车到店，评论区扣1领资料，先到先得"}},
			})
			if err != nil || s.State != desk.Waiting {
				t.Fatalf("%+v %v", s, err)
			}
			waiting = append(waiting, s.ID)
		}
	})
	return brand, waiting
}

func inside(t *testing.T, cfg Config, fn func(ctx context.Context, a *App)) {
	t.Helper()
	a, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	fn(context.Background(), a)
}

// killed runs this test in a process of its own that dies while it decides.
func killed(t *testing.T, cfg Config, when string, brand, submission id.ID) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDecisionSurvivesKill$")
	cmd.Env = append(os.Environ(), "KOSMOS_TEST_DIE="+when, "KOSMOS_TEST_DATA="+cfg.Data, "KOSMOS_TEST_DB="+cfg.DB,
		"KOSMOS_TEST_BRAND="+brand.String(), "KOSMOS_TEST_SUBMISSION="+submission.String())
	out, err := cmd.CombinedOutput()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed: %v %s", err, out)
	}
}

// dying is the life of that process.
func dying(t *testing.T) {
	t.Helper()
	n := func(name string) id.ID {
		v, err := strconv.ParseInt(os.Getenv(name), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return id.ID(v)
	}
	inside(t, Config{Data: os.Getenv("KOSMOS_TEST_DATA"), DB: os.Getenv("KOSMOS_TEST_DB")}, func(ctx context.Context, a *App) {
		a.Desk.Evidence = lethal{a.Desk.Evidence, os.Getenv("KOSMOS_TEST_DIE")}
		s, err := a.Desk.Review(ctx, deskActor(a, n("KOSMOS_TEST_BRAND"), 91, authz.Compliance), n("KOSMOS_TEST_SUBMISSION"), rejection())
		t.Fatalf("it lives: %+v %v", s, err)
	})
}

func rejection() desk.Decision {
	return desk.Decision{Version: 1, Verb: desk.Reject, Reason: "不能用资料换评论"}
}

// verdictOnce opens the store after the death, tries again, and finds one decision with one step in a whole chain.
func verdictOnce(t *testing.T, cfg Config, when string, brand, submission id.ID) {
	t.Helper()
	inside(t, cfg, func(ctx context.Context, a *App) {
		officer := deskActor(a, brand, 91, authz.Compliance)
		want := map[string]struct {
			state desk.State
			rows  int64
		}{dieBefore: {desk.Waiting, 0}, dieAfter: {desk.Rejected, 1}}[when]
		if s, err := a.Desk.Get(ctx, officer, submission); err != nil || s.State != want.state {
			t.Errorf("%s: %s %v", when, s.State, err)
		}
		count := func() (reviews, steps, todos int64) {
			t.Helper()
			for text, into := range map[string]*int64{
				`SELECT COUNT(*) FROM desk_review WHERE brand_id = $1 AND submission_id = $2`:                                    &reviews,
				`SELECT COUNT(*) FROM evidence_step WHERE brand_id = $1 AND object_id = $2 AND kind = 'desk.rejected'`:           &steps,
				`SELECT COUNT(*) FROM todo_item WHERE brand_id = $1 AND object_id = $2 AND kind = 'desk.fix' AND state = 'open'`: &todos,
			} {
				var err error
				if *into, err = db.One[int64](ctx, a.DB, text, brand, submission); err != nil {
					t.Fatal(err)
				}
			}
			return reviews, steps, todos
		}
		if reviews, steps, _ := count(); reviews != want.rows || steps != want.rows {
			t.Errorf("%s: %d reviews, %d steps", when, reviews, steps)
		}
		for range 2 { // the phone sends it again, and once more
			if s, err := a.Desk.Review(ctx, officer, submission, rejection()); err != nil || s.State != desk.Rejected {
				t.Fatalf("%s: %s %v", when, s.State, err)
			}
		}
		if reviews, steps, todos := count(); reviews != 1 || steps != 1 || todos != 1 {
			t.Errorf("%s and a second try: %d reviews, %d steps, %d to-dos", when, reviews, steps, todos)
		}
		if _, err := a.Desk.Review(ctx, officer, submission, desk.Decision{Version: 1, Verb: desk.Approve}); errs.CodeOf(err) != errs.Conflict {
			t.Errorf("%s: it can be decided otherwise: %v", when, err)
		}
		v, err := a.Evidence.Check(ctx, officer)
		if err != nil || !v.OK {
			t.Errorf("%s: the chain has %+v %v", when, v.Faults, err)
		}
	})
}
