package health

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// todoWake and todoCleanUp are the kinds of the room's to-dos.
const (
	todoWake    = "health.wake"
	todoCleanUp = "health.clean_up"
)

// stepDays is how long a step of the ladder gives before the next person hears of it.
const stepDays = 7

// audiences are who is asked at each step: the owner first, then the store's manager, then the region; later steps
// stay with the region, where the clean-up round takes over.
func audience(step int) string {
	switch step {
	case 1:
		return "owner"
	case 2:
		return "manager"
	default:
		return "region"
	}
}

// episodes is what a batch changes: episodes opened, advanced and closed, steps taken, to-dos, accounts that work again.
type episodes struct {
	episodes []zombieRow
	steps    []stepRow
	todos    []Todo
	woken    []id.ID
}

// verdict is a batch with its judgements and the episodes that are open.
type verdict struct {
	batch  []subject
	scores []scoreRow
	open   map[id.ID]zombieRow
}

// planEpisodes compares the judgements with the open episodes. Pure but for newID.
func planEpisodes(v verdict, set Settings, day clock.Day, newID func() id.ID) episodes {
	var out episodes
	for i, a := range v.batch {
		was, had := v.open[a.ID]
		now := v.scores[i]
		if had && now.Cause != was.Cause {
			was.State, was.ClosedDay, was.Outcome = stateClosed, day, OutcomeOther
			if now.Cause == "" {
				was.Outcome = OutcomeAwake
			}
			out.episodes = append(out.episodes, was)
			out.woken = append(out.woken, a.ID)
			had = false
		}
		if now.Cause == "" {
			continue
		}
		z := was
		if !had {
			z = zombieRow{
				ID: newID(), AccountID: a.ID, UnitID: a.UnitID, Platform: a.Platform, Cause: now.Cause,
				SinceDay: now.CauseSince, FoundDay: day, State: stateOpen,
			}
		}
		step := dueStep(z, set, day)
		if had && step == z.Step && z.UnitID == a.UnitID {
			continue
		}
		for k := z.Step + 1; k <= step; k++ {
			out.steps = append(out.steps, stepRow{ZombieID: z.ID, Step: k, AccountID: a.ID, TakenDay: day, DueDay: day.Add(stepDays), Audience: audience(k)})
		}
		if step > z.Step {
			out.todos = append(out.todos, wakeTodo(a, z, step, day))
		}
		z.Step, z.UnitID = step, a.UnitID
		out.episodes = append(out.episodes, z)
	}
	return out
}

// dueStep gives the rung that is due: sleepers climb by the days of silence, the other causes by the days since they
// were found, starting at once.
func dueStep(z zombieRow, set Settings, day clock.Day) int {
	if z.Cause.Asleep() {
		return max(z.Step, Step(set.Ladder, day.Sub(z.SinceDay)))
	}
	if len(set.Ladder) == 0 {
		return z.Step
	}
	return max(z.Step, Step(set.Ladder, set.Ladder[0]+day.Sub(z.FoundDay)))
}

// wakeTodo asks the person of the newest step. An account found late gets one to-do, not one per rung passed.
func wakeTodo(a subject, z zombieRow, step int, day clock.Day) Todo {
	t := Todo{
		Kind: todoWake, Object: a.ID, Key: z.ID.String() + "/" + itoa(int64(step)), UnitID: a.UnitID, Audience: audience(step),
		DueDay: day.Add(stepDays), Slug: "health.wake_" + string(z.Cause),
		Params: map[string]any{"days": max(0, day.Sub(z.SinceDay)), "step": step},
		Link:   "/matrix/accounts/" + a.ID.String(),
	}
	if t.Audience == "owner" {
		t.MemberID = a.MemberID
		if a.MemberID == 0 {
			t.Audience = "manager"
		}
	}
	return t
}
