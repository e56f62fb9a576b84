package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/connect"
	"kosmos/internal/connect/hook"
	smtp "kosmos/internal/connect/mail"
)

// Settings are the channels of a brand as they are shown: without secrets.
type Settings struct {
	Address   string
	Quiet     Quiet
	DigestAt  int
	DigestDay int
	Reminders int
	MailOn    bool
	Mail      smtp.Server // without the password
	Password  bool        // one is kept
	SMSOn     bool
	SMSHost   string // of the hook's address
	SMSSecret bool   // one is kept
}

func (s *Service) shown(brand id.ID, set setting) (Settings, error) {
	out := Settings{
		Address: set.Address, Quiet: set.quiet(), DigestAt: set.DigestAt, DigestDay: set.DigestDay, Reminders: set.Reminders,
		MailOn: set.MailOn == 1, SMSOn: set.SMSOn == 1,
	}
	if len(set.MailSealed) > 0 {
		server, err := s.openMail(brand, set)
		if err != nil {
			return out, err
		}
		out.Password = server.Password != ""
		server.Password = ""
		out.Mail = server
	}
	if len(set.SMSSealed) > 0 {
		t, err := s.openSMS(brand, set)
		if err != nil {
			return out, err
		}
		out.SMSSecret = t.Secret != ""
		if u, err := url.Parse(t.URL); err == nil {
			out.SMSHost = u.Host
		}
	}
	return out, nil
}

// Settings reads the channels of the caller's brand.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, error) {
	set, err := settingOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Settings{}, err
	}
	return s.shown(actor.BrandID, set)
}

// edit changes the brand's row by fn and writes the trail.
func (s *Service) edit(ctx context.Context, actor authz.Actor, what string, fn func(*setting) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		set, err := lockSetting(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		before, err := s.trail(actor.BrandID, set)
		if err != nil {
			return err
		}
		if err := fn(&set); err != nil {
			return err
		}
		after, err := s.trail(actor.BrandID, set)
		if err != nil {
			return err
		}
		if err := updateSetting(ctx, tx, actor.BrandID, set); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "notify." + what, Kind: "notify_setting", Before: before, After: after})
	})
}

// trail is what the audit trail keeps of settings: who signs in where, never with what.
func (s *Service) trail(brand id.ID, set setting) (map[string]any, error) {
	v, err := s.shown(brand, set)
	return map[string]any{
		"address": v.Address, "quiet": fmt.Sprintf("%d-%d", v.Quiet.From, v.Quiet.To), "digest_at": v.DigestAt, "digest_day": v.DigestDay, "reminders": v.Reminders,
		"mail_on": v.MailOn, "mail_host": v.Mail.Host, "mail_port": v.Mail.Port, "mail_security": v.Mail.Security, "mail_from": v.Mail.From,
		"sms_on": v.SMSOn, "sms_host": v.SMSHost,
	}, err
}

// General is what applies to every channel.
type General struct {
	Address   string
	Quiet     Quiet
	DigestAt  int
	DigestDay int
	Reminders int
}

const maxReminders = 20

// SetGeneral sets what applies to every channel. Errors: fields address, from, to, digest_at, digest_day, reminders.
func (s *Service) SetGeneral(ctx context.Context, actor authz.Actor, g General) error {
	bad := errs.Bad()
	g.Address = strings.TrimRight(strings.TrimSpace(g.Address), "/")
	if u, err := url.Parse(g.Address); g.Address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil) {
		bad.Field("address", "notify.address")
	}
	g.Quiet.check(bad)
	if g.DigestAt < 0 || g.DigestAt >= day {
		bad.Field("digest_at", "notify.quiet")
	}
	if g.DigestDay < 0 || g.DigestDay > 6 {
		bad.Field("digest_day", "notify.digest_day")
	}
	if g.Reminders < 1 || g.Reminders > maxReminders {
		bad.Field("reminders", "notify.reminders", "max", maxReminders)
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	return s.edit(ctx, actor, "settings", func(set *setting) error {
		if g.Address == "" && set.MailOn == 1 {
			return errs.Bad().Field("address", "notify.address_needed")
		}
		set.Address, set.QuietFrom, set.QuietTo, set.DigestAt, set.DigestDay, set.Reminders = g.Address, g.Quiet.From, g.Quiet.To, g.DigestAt, g.DigestDay, g.Reminders
		return nil
	})
}

// SetMail sets the brand's mail server. An empty password keeps the one that is there. Errors: fields host, port, security,
// from, address (mail needs the brand's address for its links).
func (s *Service) SetMail(ctx context.Context, actor authz.Actor, on bool, server smtp.Server) error {
	server.Host, server.From, server.User = strings.TrimSpace(server.Host), strings.TrimSpace(server.From), strings.TrimSpace(server.User)
	server.FromName = strings.TrimSpace(server.FromName)
	bad := errs.Bad()
	if server.Host == "" || strings.ContainsAny(server.Host, "/ @:") && net.ParseIP(server.Host) == nil {
		bad.Field("host", "notify.mail_host")
	}
	if server.Port < 1 || server.Port > 65535 {
		bad.Field("port", "notify.mail_port")
	}
	if !server.Security.Valid() {
		bad.Field("security", "notify.mail_security")
	}
	if a, err := mail.ParseAddress(server.From); err != nil || a.Name != "" || a.Address != server.From {
		bad.Field("from", "notify.mail_from")
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	return s.edit(ctx, actor, "mail", func(set *setting) error {
		if on && set.Address == "" {
			return errs.Bad().Field("address", "notify.address_needed")
		}
		if server.Password == "" && server.User != "" && len(set.MailSealed) > 0 {
			old, err := s.openMail(actor.BrandID, *set)
			if err != nil {
				return err
			}
			// A password goes with its server: whoever changes the server must know it.
			if old.Host == server.Host && old.User == server.User {
				server.Password = old.Password
			}
		}
		var err error
		set.MailOn = flag(on)
		set.MailSealed, err = s.sealJSON(aad("mail", actor.BrandID, 0), server)
		return err
	})
}

// SetSMS sets the brand's SMS hook. Empty fields keep what is there. Errors: fields url, secret.
func (s *Service) SetSMS(ctx context.Context, actor authz.Actor, on bool, t hook.Target) error {
	t.URL, t.Secret = strings.TrimSpace(t.URL), strings.TrimSpace(t.Secret)
	if t.URL != "" {
		if err := s.checkHook(ctx, t.URL); err != nil {
			return err
		}
	}
	return s.edit(ctx, actor, "sms", func(set *setting) error {
		if len(set.SMSSealed) > 0 {
			old, err := s.openSMS(actor.BrandID, *set)
			if err != nil {
				return err
			}
			if t.URL == "" {
				t.URL = old.URL
			}
			if t.Secret == "" && t.URL == old.URL {
				t.Secret = old.Secret
			}
		}
		bad := errs.Bad()
		if t.URL == "" {
			bad.Field("url", "notify.hook_url")
		}
		if len(t.Secret) < minSecret {
			bad.Field("secret", "notify.hook_secret", "min", minSecret)
		}
		if err := bad.OrNil(); err != nil {
			return err
		}
		var err error
		set.SMSOn = flag(on)
		set.SMSSealed, err = s.sealJSON(aad("sms", actor.BrandID, 0), t)
		return err
	})
}

const minSecret = 16

// checkHook refuses an address that is no https, or no http inside what the operator allows. Errors: field url.
func (s *Service) checkHook(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || len(address) > 1000 {
		return errs.Bad().Field("url", "notify.hook_url")
	}
	if u.Scheme == "http" && !s.Guard.Allowed(ctx, u.Hostname()) {
		return errs.Bad().Field("url", "notify.hook_https")
	}
	return nil
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

func aad(column string, brand, row id.ID) string {
	return fmt.Sprintf("%d|notify|%s|%d", int64(brand), column, int64(row))
}

func (s *Service) sealJSON(place string, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.Box.Seal(place, raw)
}

func (s *Service) openMail(brand id.ID, set setting) (smtp.Server, error) {
	return openJSON[smtp.Server](s, aad("mail", brand, 0), set.MailSealed)
}

func (s *Service) openSMS(brand id.ID, set setting) (hook.Target, error) {
	return openJSON[hook.Target](s, aad("sms", brand, 0), set.SMSSealed)
}

func openJSON[T any](s *Service, place string, sealed []byte) (T, error) {
	var out T
	raw, err := s.Box.Open(place, sealed)
	if err != nil {
		return out, errs.Wrap(errs.Internal, "notify.sealed", err)
	}
	err = json.Unmarshal(raw, &out)
	return out, err
}

// TestMail sends a test mail to an address with the settings as they are kept. The error is a *connect.Fault, or an errs
// one: field to.
func (s *Service) TestMail(ctx context.Context, actor authz.Actor, to string) error {
	a, err := mail.ParseAddress(strings.TrimSpace(to))
	if err != nil || a.Name != "" {
		return errs.Bad().Field("to", "notify.mail_to")
	}
	set, err := settingOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	if len(set.MailSealed) == 0 {
		return errs.New(errs.Precondition, "notify.mail_unset")
	}
	server, err := s.openMail(actor.BrandID, set)
	if err != nil {
		return err
	}
	lang := i18n.Match(actor.Lang)
	told := s.sample(lang, s.now())
	session, err := s.mailer.Open(ctx, server)
	if err == nil {
		defer session.Close()
		err = session.Send(smtp.Message{
			ID: "kosmos-test-" + s.IDs.New().String(), To: a.Address, Subject: told.Title, Text: told.Body + "\n", Lang: string(lang), At: s.Clock.Now(),
		})
	}
	return s.tested(ctx, actor, "mail", 0, err)
}

// TestSMS sends a test SMS to a number. The error is a *connect.Fault, or an errs one.
func (s *Service) TestSMS(ctx context.Context, actor authz.Actor, phone string) error {
	number, err := phonenumbers.Parse(phone, "CN")
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return errs.Bad().Field("phone", "notify.phone")
	}
	phone = phonenumbers.Format(number, phonenumbers.E164)
	set, err := settingOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	if len(set.SMSSealed) == 0 {
		return errs.New(errs.Precondition, "notify.sms_unset")
	}
	target, err := s.openSMS(actor.BrandID, set)
	if err != nil {
		return err
	}
	lang := i18n.Match(actor.Lang)
	name := "test-" + s.IDs.New().String()
	told := s.sample(lang, s.now())
	body, err := json.Marshal(smsBody{Delivery: name, Phone: phone, Lang: string(lang), Text: told.Title, Kind: "notify.test", At: s.now()})
	if err != nil {
		return err
	}
	return s.tested(ctx, actor, "sms", 0, s.hooks.Call(ctx, target, name, body))
}

// tested writes a test to the trail and gives its outcome on.
func (s *Service) tested(ctx context.Context, actor authz.Actor, what string, object id.ID, outcome error) error {
	came := "sent"
	if outcome != nil {
		came = connect.Of(outcome).Code
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "notify.test_" + what, Kind: "notify_channel", Object: object, After: map[string]any{"outcome": came}})
	})
	if err != nil {
		return err
	}
	return outcome
}
