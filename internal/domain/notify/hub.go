package notify

import (
	"context"
	"sync"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Topics a stream is told of.
const (
	TopicNotice = "notice"
	TopicTodo   = "todo"
	TopicJob    = "job"
)

const (
	pollEvery   = 3 * time.Second
	pollOverlap = 10 * time.Second // a slow transaction of another process may commit that late
)

type face struct{ brand, user id.ID }

// Stream is one open connection of a person; C gets topics. When it is full, topics are dropped: the page asks for the
// present state on whichever topic it gets.
type Stream struct {
	C    chan string
	face face
}

// Hub knows the open streams of this process. While any is open it also looks for notices that another process sent or
// that became due.
type Hub struct {
	clock clock.Clock
	poll  func(ctx context.Context, brand id.ID, since, now clock.Ms) ([]fresh, error)

	mu      sync.Mutex
	streams map[face]map[*Stream]struct{}
	told    map[face]clock.Ms // the newest due time each person was told of by polling
	halt    context.CancelFunc
}

func newHub(c clock.Clock, poll func(context.Context, id.ID, clock.Ms, clock.Ms) ([]fresh, error)) *Hub {
	return &Hub{clock: c, poll: poll, streams: map[face]map[*Stream]struct{}{}, told: map[face]clock.Ms{}}
}

// Open begins a stream of a person. Error: "notify.too_many_streams".
func (h *Hub) Open(brand, user id.ID) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := face{brand, user}
	if len(h.streams[f]) >= streamsAFace {
		return nil, errs.New(errs.RateLimited, "notify.too_many_streams")
	}
	s := &Stream{C: make(chan string, 8), face: f}
	if h.streams[f] == nil {
		h.streams[f] = map[*Stream]struct{}{}
		h.told[f] = clock.MsOf(h.clock.Now())
	}
	h.streams[f][s] = struct{}{}
	if h.halt == nil && h.poll != nil {
		ctx, cancel := context.WithCancel(context.Background())
		h.halt = cancel
		go h.watch(ctx)
	}
	return s, nil
}

// Close ends a stream.
func (h *Hub) Close(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams[s.face], s)
	if len(h.streams[s.face]) == 0 {
		delete(h.streams, s.face)
		delete(h.told, s.face)
	}
	if len(h.streams) == 0 && h.halt != nil {
		h.halt()
		h.halt = nil
	}
}

// Signal tells the open streams of a person; call it after commit.
func (h *Hub) Signal(brand, user id.ID, topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell(face{brand, user}, topic)
}

// SignalAll tells the open streams of many people; call it after commit.
func (h *Hub) SignalAll(brand id.ID, users []id.ID, topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 {
		return
	}
	for _, u := range users {
		h.tell(face{brand, u}, topic)
	}
}

// SignalBrand tells every open stream of a brand.
func (h *Hub) SignalBrand(brand id.ID, topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.streams {
		if f.brand == brand {
			h.tell(f, topic)
		}
	}
}

func (h *Hub) tell(f face, topic string) {
	for s := range h.streams[f] {
		select {
		case s.C <- topic:
		default:
		}
	}
}

func (h *Hub) watch(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.look(ctx)
		}
	}
}

// look asks once per brand with open streams; a failure is mended by the next look.
func (h *Hub) look(ctx context.Context) {
	now := h.clock.Now()
	for _, brand := range h.brands() {
		news, err := h.poll(ctx, brand, clock.MsOf(now.Add(-pollOverlap)), clock.MsOf(now))
		if err != nil {
			continue
		}
		h.mu.Lock()
		for _, n := range news {
			f := face{brand, n.UserID}
			if last, open := h.told[f]; open && n.Due > last {
				h.told[f] = n.Due
				h.tell(f, TopicNotice)
			}
		}
		h.mu.Unlock()
	}
}

func (h *Hub) brands() []id.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[id.ID]bool{}
	var list []id.ID
	for f := range h.streams {
		if !seen[f.brand] {
			seen[f.brand] = true
			list = append(list, f.brand)
		}
	}
	return list
}
