package rank

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// magic begins a model file; the edition of the features follows.
const magic = "kosmos-rank "

// maxHeader keeps a hostile file from naming labels without end.
const maxHeader = 1 << 20

// Write stores the model: a line of magic with the edition, a line of JSON (the facts), then gzip of bias, scale and weights per label.
func (m *Model) Write(w io.Writer) error {
	facts, err := json.Marshal(m.facts)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s%d\n%s\n", magic, m.facts.Options.edition, facts); err != nil {
		return err
	}
	zip, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zip.Write(m.raw()); err != nil {
		return err
	}
	return zip.Close()
}

func (m *Model) raw() []byte {
	var b bytes.Buffer
	for _, h := range m.heads {
		var nums [8]byte
		binary.LittleEndian.PutUint32(nums[:4], math.Float32bits(h.bias))
		binary.LittleEndian.PutUint32(nums[4:], math.Float32bits(h.scale))
		b.Write(nums[:])
		for _, w := range h.weights {
			b.WriteByte(byte(w))
		}
	}
	return b.Bytes()
}

func (m *Model) digest() string {
	sum := sha256.Sum256(m.raw())
	return hex.EncodeToString(sum[:6])
}

// Read loads a model and checks its weights against the version in its facts.
func Read(r io.Reader) (*Model, error) {
	in := bufio.NewReader(r)
	edition, err := readMagic(in)
	if err != nil {
		return nil, err
	}
	facts, err := readLine(in)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	if err := json.Unmarshal(facts, &m.facts); err != nil {
		return nil, fmt.Errorf("the model's facts: %w", err)
	}
	m.facts.Options.edition = edition
	if _, err := m.facts.Options.filled(); err != nil {
		return nil, err
	}
	if len(m.facts.Labels) == 0 || len(m.facts.Labels) > 64 {
		return nil, errors.New("a model has 1 to 64 labels")
	}
	zip, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("the model's weights: %w", err)
	}
	size := 1 << m.facts.Options.Bits
	buf := make([]byte, 8+size)
	for range m.facts.Labels {
		if _, err := io.ReadFull(zip, buf); err != nil {
			return nil, fmt.Errorf("the model's weights end early: %w", err)
		}
		h := head{bias: math.Float32frombits(binary.LittleEndian.Uint32(buf)), scale: math.Float32frombits(binary.LittleEndian.Uint32(buf[4:])), weights: make([]int8, size)}
		for i, b := range buf[8:] {
			h.weights[i] = int8(b)
		}
		m.heads = append(m.heads, h)
	}
	if m.facts.Version != m.digest() {
		return nil, errors.New("the model's weights do not match its version: the file was changed")
	}
	return m, nil
}

// readMagic gives the edition: models of older ones, a brand's own among them, keep reading texts as they learned them.
func readMagic(in *bufio.Reader) (int, error) {
	for edition := plainEdition; edition <= newestEdition; edition++ {
		line := fmt.Sprintf("%s%d\n", magic, edition)
		if got, err := in.Peek(len(line)); err == nil && string(got) == line {
			_, err = in.Discard(len(line))
			return edition, err
		}
	}
	return 0, errors.New("this is no ranker model of a version of the format that is known here")
}

func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxHeader {
			return nil, errors.New("the model's facts are too long")
		}
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, fmt.Errorf("the model's facts end early: %w", err)
		}
	}
}
