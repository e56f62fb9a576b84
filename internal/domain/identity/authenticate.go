package identity

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const (
	tokenPrefix = "kos_"
	cacheFor    = 5 * time.Second
	touchEvery  = 5 * time.Minute
	cacheSize   = 20_000
)

// Authenticate finds the caller of a request by its bearer token or session cookie; it is web.Options.Authenticate.
// Answers are kept for cacheFor; what this process revokes is forgotten at once.
// Errors: base.login_needed, identity.session_over, identity.token_wrong.
func (s *Service) Authenticate(ctx context.Context, r *http.Request) (authz.Actor, error) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.resolve(ctx, strings.TrimSpace(bearer), "identity.token_wrong", s.actorOfToken)
	}
	c, err := r.Cookie(web.SessionCookie)
	if err != nil || c.Value == "" {
		return authz.Actor{}, errs.New(errs.Unauthenticated, "base.login_needed")
	}
	return s.resolve(ctx, c.Value, "identity.session_over", s.actorOfSession)
}

type resolver func(ctx context.Context, brand id.ID, hash string) (authz.Actor, id.ID, error)

func (s *Service) resolve(ctx context.Context, credential, slug string, find resolver) (authz.Actor, error) {
	brand, hash, ok := secretOf(strings.TrimPrefix(credential, tokenPrefix))
	if !ok {
		return authz.Actor{}, errs.New(errs.Unauthenticated, slug)
	}
	if a, ok := s.actors.get(hash); ok {
		return a, nil
	}
	epoch := s.actors.epoch()
	a, holder, err := find(ctx, brand, hash)
	if db.NoRows(err) {
		return authz.Actor{}, errs.New(errs.Unauthenticated, slug)
	}
	if err != nil {
		return authz.Actor{}, err
	}
	s.actors.put(hash, a, holder, epoch)
	return a, nil
}

// actorOfSession reads a session and its user; db.ErrNoRows when there is none, it is over or the user is disabled.
func (s *Service) actorOfSession(ctx context.Context, brand id.ID, hash string) (authz.Actor, id.ID, error) {
	ses, err := sessionByHash(ctx, s.DB, brand, hash)
	if err != nil {
		return authz.Actor{}, 0, err
	}
	now := s.now()
	if ses.Expires <= now {
		return authz.Actor{}, 0, db.ErrNoRows
	}
	u, err := userByID(ctx, s.DB, brand, ses.UserID)
	if err != nil {
		return authz.Actor{}, 0, err
	}
	if u.State != Active {
		return authz.Actor{}, 0, db.ErrNoRows
	}
	if now-ses.Seen > clock.Ms(touchEvery.Milliseconds()) {
		ses.Seen, ses.Expires = now, now+clock.Ms(SessionFor.Milliseconds())
		if err := touchSession(ctx, s.DB, brand, ses); err != nil {
			return authz.Actor{}, 0, err
		}
		if err := touchUser(ctx, s.DB, brand, u.ID, now); err != nil {
			return authz.Actor{}, 0, err
		}
	}
	a, err := s.actorOfUser(ctx, u)
	return a, ses.ID, err
}

func (s *Service) actorOfUser(ctx context.Context, u User) (authz.Actor, error) {
	b, err := brandByID(ctx, s.DB, u.BrandID)
	if err != nil {
		return authz.Actor{}, err
	}
	grants, err := grantsOf(ctx, s.DB, u.BrandID, u.ID)
	if err != nil {
		return authz.Actor{}, err
	}
	return authz.NewActor(authz.Actor{
		Kind: authz.User, BrandID: u.BrandID, UserID: u.ID, MemberID: u.MemberID, Name: u.Name,
		Lang: u.Lang, Zone: zoneOf(b.Zone), Grants: grants,
	}, s.perms.Load()), nil
}

// actorOfToken reads an API token; one that a person made dies with the person's account.
func (s *Service) actorOfToken(ctx context.Context, brand id.ID, hash string) (authz.Actor, id.ID, error) {
	t, err := tokenByHash(ctx, s.DB, brand, hash)
	if err != nil {
		return authz.Actor{}, 0, err
	}
	now := s.now()
	if t.Revoked != 0 || t.Expires != 0 && t.Expires <= now {
		return authz.Actor{}, 0, db.ErrNoRows
	}
	if t.UserID != 0 {
		u, err := userByID(ctx, s.DB, brand, t.UserID)
		if err != nil {
			return authz.Actor{}, 0, err
		}
		if u.State != Active {
			return authz.Actor{}, 0, db.ErrNoRows
		}
	}
	b, err := brandByID(ctx, s.DB, brand)
	if err != nil {
		return authz.Actor{}, 0, err
	}
	if now-t.Seen > clock.Ms(touchEvery.Milliseconds()) {
		if _, err := s.DB.Exec(ctx, `UPDATE identity_token SET seen_ms = $1 WHERE brand_id = $2 AND id = $3`, now, brand, t.ID); err != nil {
			return authz.Actor{}, 0, err
		}
	}
	var scopes []string
	if err := json.Unmarshal([]byte(t.Scopes), &scopes); err != nil {
		return authz.Actor{}, 0, err
	}
	perms := s.perms.Load().Only(func(key string) bool { return inScopes(scopes, key) })
	return authz.NewActor(authz.Actor{
		Kind: authz.Token, BrandID: brand, UserID: t.UserID, Name: t.Name, Lang: "zh",
		Zone: zoneOf(b.Zone), Grants: []authz.Grant{{Role: t.Role, UnitID: t.UnitID}},
	}, perms), t.ID, nil
}

// actorCache keeps resolved actors for a few seconds by the hash of their credential.
type actorCache struct {
	clock clock.Clock
	mu    sync.Mutex
	byKey map[string]cachedActor
	turn  uint64 // counts revocations, so that a look-up that began before one is not kept after it
}

type cachedActor struct {
	actor  authz.Actor
	holder id.ID // session or token
	until  time.Time
}

func newActorCache(c clock.Clock) *actorCache {
	return &actorCache{clock: c, byKey: map[string]cachedActor{}}
}

func (c *actorCache) get(key string) (authz.Actor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok || !c.clock.Now().Before(e.until) {
		return authz.Actor{}, false
	}
	return e.actor, true
}

func (c *actorCache) epoch() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.turn
}

func (c *actorCache) put(key string, a authz.Actor, holder id.ID, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.turn {
		return
	}
	if len(c.byKey) >= cacheSize {
		clear(c.byKey)
	}
	c.byKey[key] = cachedActor{actor: a, holder: holder, until: c.clock.Now().Add(cacheFor)}
}

// drop forgets the actors of a user, or of one session or token; both within a brand.
func (c *actorCache) drop(brand, user, holder id.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	for k, e := range c.byKey {
		if e.actor.BrandID == brand && (user != 0 && e.actor.UserID == user || holder != 0 && e.holder == holder) {
			delete(c.byKey, k)
		}
	}
}
