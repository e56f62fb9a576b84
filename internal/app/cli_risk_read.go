package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxLine is the longest line of input that is read.
const maxLine = 64 << 20

// undecided is how many lines are looked at to find out whether an input holds texts or JSON objects.
const undecided = 16

// textLine is a line of input: a text with its id, or what is wrong with it.
type textLine struct {
	n     int
	id    json.RawMessage
	text  string
	fault error
}

// rawLine is a line before it is known what the input holds; fault is set when it is too long to be kept.
type rawLine struct {
	n     int
	line  []byte
	fault error
}

// eachText reads one text a line, or one JSON object {"id","text"} a line: objects when the first line that is not empty
// begins like one, or when one of the first lines is one. In an input of objects every other line is a fault that is told
// with its number, and reading goes on; nothing of it is judged as a text by mistake.
func eachText(r io.Reader, fn func(textLine) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	held, objects, more, err := begin(in)
	for _, l := range held {
		if err == nil {
			err = one(l, objects, fn)
		}
	}
	for n := len(held) + 1; more && err == nil; n++ {
		line, fault := readLine(in)
		if errors.Is(fault, io.EOF) {
			return nil
		}
		if fault != nil && !errors.Is(fault, errLongLine) {
			return fault
		}
		err = one(rawLine{n, line, fault}, objects, fn)
	}
	return err
}

// begin reads lines until it is known what the input holds. more tells that there may be lines behind them.
func begin(in *bufio.Reader) (held []rawLine, objects, more bool, err error) {
	for full := 0; full < undecided; {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return held, false, false, nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return held, false, false, err
		}
		if len(held) == 0 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		held = append(held, rawLine{len(held) + 1, line, err})
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) == 0 {
			continue
		}
		if full == 0 && beginsObject(trimmed) {
			return held, true, true, nil
		}
		if _, _, fault := readObject(trimmed, nil); fault == nil {
			return held, true, true, nil
		}
		full++
	}
	return held, false, true, nil
}

// one makes a text of a line.
func one(l rawLine, objects bool, fn func(textLine) error) error {
	out := textLine{n: l.n, id: json.RawMessage(strconv.Quote(strconv.Itoa(l.n))), text: string(l.line), fault: l.fault}
	if objects && l.fault == nil {
		trimmed := bytes.TrimSpace(l.line)
		if len(trimmed) == 0 {
			return nil
		}
		out.id, out.text, out.fault = readObject(trimmed, out.id)
	}
	return fn(out)
}

// beginsObject tells whether a line is meant as an object, whole or not: {activity} is not, {"id and {'id are.
func beginsObject(line []byte) bool {
	if line[0] != '{' {
		return false
	}
	rest := bytes.TrimSpace(line[1:])
	return len(rest) > 0 && bytes.IndexByte([]byte(`"'}`), rest[0]) >= 0
}

func readObject(line []byte, fallback json.RawMessage) (json.RawMessage, string, error) {
	var row struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return nil, "", fmt.Errorf("no JSON object {\"id\",\"text\"}: %w", err)
	}
	if row.Text == nil {
		return nil, "", errors.New(`the object has no "text"`)
	}
	if row.ID == nil {
		row.ID = fallback
	}
	return row.ID, *row.Text, nil
}

var errLongLine = fmt.Errorf("longer than %d MB", maxLine>>20)

// readLine returns a line without its end; a line beyond the limit is skipped whole and reported.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			long = len(line) > maxLine
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}
