package callback

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
)

// Form is how a callback is written; the answer is written the same way.
type Form string

// The forms. Robots and the callbacks set to JSON use the second.
const (
	XML  Form = "xml"
	JSON Form = "json"
)

// Envelope is the body of a POST before it is decrypted.
type Envelope struct {
	Form    Form
	To      string // the corp id
	AgentID string // the app; "" where none is meant
	Encrypt string
}

type envelopeXML struct {
	XMLName xml.Name `xml:"xml"`
	To      string   `xml:"ToUserName"`
	Agent   string   `xml:"AgentID"`
	Encrypt string   `xml:"Encrypt"`
}

type envelopeJSON struct {
	To      string      `json:"tousername"`
	Agent   looseString `json:"agentid"`
	Encrypt string      `json:"encrypt"`
}

// looseString takes a JSON string or number: both are met for ids.
type looseString string

// UnmarshalJSON implements json.Unmarshaler.
func (s *looseString) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(s))
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*s = looseString(n)
	return nil
}

// Unwrap reads the body of a POST, XML or JSON, whichever it is. Errors: ErrEnvelope.
func Unwrap(body []byte) (Envelope, error) {
	body = trimmed(body)
	if len(body) > 0 && body[0] == '{' {
		var e envelopeJSON
		if json.Unmarshal(body, &e) != nil || e.Encrypt == "" {
			return Envelope{}, ErrEnvelope
		}
		return Envelope{JSON, e.To, string(e.Agent), e.Encrypt}, nil
	}
	var e envelopeXML
	if xml.Unmarshal(body, &e) != nil || e.Encrypt == "" {
		return Envelope{}, ErrEnvelope
	}
	return Envelope{XML, e.To, e.Agent, e.Encrypt}, nil
}

// trimmed takes a byte order mark and white space around a body away.
func trimmed(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
}

type cdata struct {
	Text string `xml:",cdata"`
}

type answerXML struct {
	XMLName   xml.Name `xml:"xml"`
	Encrypt   cdata    `xml:"Encrypt"`
	Signature cdata    `xml:"MsgSignature"`
	Timestamp string   `xml:"TimeStamp"`
	Nonce     cdata    `xml:"Nonce"`
}

type answerJSON struct {
	Encrypt   string      `json:"encrypt"`
	Signature string      `json:"msgsignature"`
	Timestamp json.Number `json:"timestamp"`
	Nonce     string      `json:"nonce"`
}

// Wrap encrypts and signs an answer to a callback, written as the callback was. timestamp is in seconds, in digits.
// An error is the caller's mistake: a timestamp that is no number.
func (c *Crypto) Wrap(form Form, timestamp, nonce string, message []byte) ([]byte, error) {
	encrypted := c.Seal(message)
	signature := c.Sign(timestamp, nonce, encrypted)
	if form == JSON {
		return json.Marshal(answerJSON{encrypted, signature, json.Number(timestamp), nonce})
	}
	return xml.Marshal(answerXML{Encrypt: cdata{encrypted}, Signature: cdata{signature}, Timestamp: timestamp, Nonce: cdata{nonce}})
}
