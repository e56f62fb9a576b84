package robot

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"kosmos/internal/connect"
)

// answer is what any of the robots says: 企业微信 and 钉钉 errcode and errmsg, 飞书 code and msg (and, from older gateways,
// StatusCode and StatusMessage).
type answer struct {
	ErrCode       *int   `json:"errcode"`
	ErrMsg        string `json:"errmsg"`
	Code          *int   `json:"code"`
	Msg           string `json:"msg"`
	StatusCode    *int   `json:"StatusCode"`
	StatusMessage string `json:"StatusMessage"`
}

// read turns an answer into nil or a fault. A gateway's error page (5xx without a code) may hide a message that went out.
func read(v Vendor, status int, body []byte) error {
	var a answer
	if json.Unmarshal(body, &a) == nil {
		for _, c := range []struct {
			code *int
			said string
		}{{a.ErrCode, a.ErrMsg}, {a.Code, a.Msg}, {a.StatusCode, a.StatusMessage}} {
			if c.code == nil {
				continue
			}
			if *c.code == 0 {
				return nil
			}
			return coded(v, *c.code, c.said)
		}
	}
	switch {
	case status == http.StatusTooManyRequests:
		return &connect.Fault{Result: connect.Later, Code: "busy", Wait: time.Minute}
	case status >= http.StatusInternalServerError:
		return &connect.Fault{Result: connect.Unknown, Code: "gateway", Detail: "HTTP " + strconv.Itoa(status)}
	}
	return &connect.Fault{Result: connect.Refused, Code: "robot_no_answer", Detail: "HTTP " + strconv.Itoa(status)}
}

// Codes lists the error codes we have words for, by vendor; the words are "robot_<vendor>_<code>".
func Codes() map[Vendor][]int {
	return map[Vendor][]int{
		WeCom:    {-1, 40008, 45009, 45033, 93000},
		Feishu:   {9499, 11232, 19001, 19021, 19022, 19024},
		DingTalk: {-1, 130101, 300001, 310000, 400101, 410100},
	}
}

// pause gives how long to leave a robot alone after a code that says "too fast" or "busy"; 0 for codes that mean no.
func pause(v Vendor, code int) time.Duration {
	switch {
	case v == WeCom && (code == 45009 || code == 45033), v == Feishu && code == 11232, v == DingTalk && (code == 130101 || code == 410100):
		return time.Minute
	case code == -1:
		return 30 * time.Second
	}
	return 0
}

func coded(v Vendor, code int, said string) error {
	f := &connect.Fault{Result: connect.Refused, Code: "robot_" + string(v) + "_" + codeWord(code), Detail: strconv.Itoa(code) + " " + connect.Said(said)}
	if wait := pause(v, code); wait > 0 {
		f.Result, f.Wait = connect.Later, wait
	}
	known := false
	for _, c := range Codes()[v] {
		known = known || c == code
	}
	if !known {
		f.Code = "robot_refused"
	}
	return f
}

func codeWord(code int) string {
	if code == -1 {
		return "busy"
	}
	return strconv.Itoa(code)
}
