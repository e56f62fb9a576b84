package app

import (
	"context"
	"net/http"
	"time"

	"kosmos/web"
)

// handler joins the API, the pages and the operator's addresses. A worker has no API and no pages.
func (a *App) handler(role Role) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", a.metrics.Handler())
	if role != Worker {
		mux.Handle("/api/", a.router)
		mux.Handle("/", web.Handler())
	}
	return mux
}

// readyz tells whether the store answers; its schema was brought up to date before this handler existed.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		a.cfg.Log.Error("the store does not answer", "err", err)
		plain(w, http.StatusServiceUnavailable, "the store does not answer")
		return
	}
	plain(w, http.StatusOK, "ready")
}
