package web

import "net/http"

// Stream lets a test take a body as an upload does.
func Stream(req *http.Request) { stream(req) }
