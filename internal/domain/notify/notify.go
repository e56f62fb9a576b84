package notify

import (
	"strings"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Kind declares a kind of notice.
type Kind struct {
	Key      string // "<room>.<word>"
	Cap      int    // notices per person within 24 hours; 0 is 20
	Loud     bool   // cannot be switched off in the program, and goes out in quiet hours
	Reminder bool   // counts towards the brand's reminders per person and day
	Mail     Mode   // by mail unless brand or person chose; "": instant when loud, else daily
}

const (
	defaultCap   = 20
	capWindow    = 24 * time.Hour
	keepRead     = 90 * 24 * time.Hour
	keepUnread   = 365 * 24 * time.Hour
	keepLog      = 90 * 24 * time.Hour
	unreadShown  = 100 // counting stops here: the bell shows 99+
	chunk        = 200 // people per statement of Send
	bulkChunk    = 5000
	streamsAFace = 12 // open streams of one person
)

// Notice is what a room sends to one person.
type Notice struct {
	UserID id.ID
	Key    string         // the same key of the same kind to the same person is the same notice; "" is never the same
	Params map[string]any // of the texts
	Link   string         // path of the page to open, "/todo?…"
	Due    clock.Ms       // when it shows; 0 is now
}

// Row is a notice as it is kept.
type Row struct {
	ID     id.ID    `db:"id"`
	UserID id.ID    `db:"user_id"`
	Kind   string   `db:"kind"`
	Params string   `db:"params"`
	Link   string   `db:"link"`
	Due    clock.Ms `db:"due_ms"`
	ReadAt clock.Ms `db:"read_ms"`
	Folded int      `db:"folded"`
}

// slug gives the text of a kind: "todo.overdue", "_body" → "todo.notice_overdue_body".
func slug(kind, part string) string {
	room, word, _ := strings.Cut(kind, ".")
	return room + ".notice_" + word + part
}
