package callback

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrMessage is a decrypted text that is no message.
var ErrMessage = errors.New("callback: the text in the envelope is not a message")

// Message is what a callback says. Every field is optional but Type (InfoType for a third party's suite).
type Message struct {
	Type   string // "event", "text" …
	Event  string // of Type event: "change_external_contact" …
	Change string // "add_external_contact" …
	At     time.Time
	// Fields are all values by their names as the platform writes them; of names that occur more than once the values are
	// joined with commas, as in MemChangeList.
	Fields map[string]string
}

// Field gives one value, "" when it was not sent.
func (m Message) Field(name string) string { return m.Fields[name] }

// Decode reads a decrypted text, XML or JSON. Errors: ErrMessage.
func Decode(plain []byte) (Message, error) {
	plain = trimmed(plain)
	read := fromXML
	if len(plain) > 0 && plain[0] == '{' {
		read = fromJSON
	}
	fields, err := read(plain)
	if err != nil {
		return Message{}, ErrMessage
	}
	m := Message{Type: fields["MsgType"], Event: fields["Event"], Change: fields["ChangeType"], Fields: fields}
	if m.Type == "" && fields["InfoType"] != "" { // the form of third-party suites
		m.Type, m.Event = "event", fields["InfoType"]
	}
	if m.Type == "" {
		return Message{}, ErrMessage
	}
	for _, name := range []string{"CreateTime", "TimeStamp"} {
		if s, err := strconv.ParseInt(fields[name], 10, 64); err == nil {
			m.At = time.Unix(s, 0).UTC()
			break
		}
	}
	return m, nil
}

// same are the fields that tell one event from another. A repeated delivery has all of them alike; WelcomeCode is not among
// them, as nothing promises that it is the same when an event is sent again.
var same = []string{
	"ToUserName", "SuiteId", "AuthCorpId", "FromUserName", "CreateTime", "TimeStamp", "MsgType", "InfoType", "Event", "ChangeType", "EventKey",
	"AgentID", "UserID", "NewUserID", "ExternalUserID", "State", "Source", "FailReason", "ChatId", "UpdateDetail", "JoinScene", "QuitScene",
	"MemChangeCnt", "MemChangeList", "Item", "LastMemVer", "CurMemVer", "Id", "TagType", "StrategyId", "LinkId", "Department", "PartyId",
}

// Key tells a repeated delivery from a new event: the message's own id where it has one, else a digest of what happened to
// whom. Two changes of one customer by two members in the same second are two keys.
func (m Message) Key() string {
	if v := m.Fields["MsgId"]; v != "" {
		return "msg/" + v
	}
	h := sha256.New()
	for _, name := range same {
		// the length stands before each value, so that no two lists of values read alike
		v := m.Fields[name]
		_, _ = fmt.Fprintf(h, "%d:%s", len(v), v)
	}
	if m.Event == "" && m.Fields["Content"] != "" { // a text without an id
		_, _ = io.WriteString(h, m.Fields["Content"])
	}
	return strings.Join([]string{"event", m.Event, hex.EncodeToString(h.Sum(nil)[:16])}, "/")
}

const (
	maxFields = 500
	maxValue  = 64 << 10
	maxDepth  = 8
)

// fromXML collects the values of all elements without children, by name.
func fromXML(plain []byte) (map[string]string, error) {
	out := map[string]string{}
	dec := xml.NewDecoder(bytes.NewReader(plain))
	var path []string
	var text strings.Builder
	leaf, ended := false, false
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && ended {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(path) == 0 && (ended || t.Name.Local != "xml") || len(path) == maxDepth {
				return nil, ErrMessage
			}
			path, leaf = append(path, t.Name.Local), true
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if leaf && len(path) > 1 {
				if err := put(out, path[len(path)-1], strings.TrimSpace(text.String())); err != nil {
					return nil, err
				}
			}
			path, leaf = path[:len(path)-1], false
			ended = len(path) == 0
		}
	}
}

// fromJSON collects the values of all names that hold no further names, by name.
func fromJSON(plain []byte) (map[string]string, error) {
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber() // ids of 19 digits do not fit a float
	var root map[string]any
	if err := dec.Decode(&root); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrMessage
	}
	out := map[string]string{}
	return out, flatten(out, "", root, 0)
}

func flatten(out map[string]string, name string, value any, depth int) error {
	if depth > maxDepth {
		return ErrMessage
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) { // a name met twice is joined in one order, always
			if err := flatten(out, key, v[key], depth+1); err != nil {
				return err
			}
		}
	case []any:
		for _, inner := range v {
			if err := flatten(out, name, inner, depth+1); err != nil {
				return err
			}
		}
	case string:
		return put(out, name, v)
	case json.Number:
		return put(out, name, v.String())
	case bool:
		return put(out, name, strconv.FormatBool(v))
	}
	return nil
}

func put(out map[string]string, name, value string) error {
	if before, ok := out[name]; ok {
		value = before + "," + value
	} else if len(out) == maxFields {
		return ErrMessage
	}
	if len(value) > maxValue {
		return ErrMessage
	}
	out[name] = value
	return nil
}
