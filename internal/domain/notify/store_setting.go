package notify

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// setting is what a brand set; without a row it is defaults.
type setting struct {
	Address    string `db:"address"` // of this program as people reach it, "https://kosmos.example.com"; links begin with it
	QuietFrom  int    `db:"quiet_from"`
	QuietTo    int    `db:"quiet_to"`
	DigestAt   int    `db:"digest_at"`  // minute of the day
	DigestDay  int    `db:"digest_day"` // of weekly digests; 0 is Sunday
	Reminders  int    `db:"reminders"`  // per person and day
	MailOn     int    `db:"mail_on"`
	MailSealed []byte `db:"mail_sealed"`
	SMSOn      int    `db:"sms_on"`
	SMSSealed  []byte `db:"sms_sealed"`
}

func newSetting() setting {
	return setting{QuietFrom: 22 * 60, QuietTo: 8 * 60, DigestAt: 9 * 60, DigestDay: 1, Reminders: 3}
}

func (s setting) quiet() Quiet { return Quiet{s.QuietFrom, s.QuietTo} }

func (s setting) mail() bool { return s.MailOn == 1 && len(s.MailSealed) > 0 }

func (s setting) sms() bool { return s.SMSOn == 1 && len(s.SMSSealed) > 0 }

const settingColumns = `address, quiet_from, quiet_to, digest_at, digest_day, reminders, mail_on, mail_sealed, sms_on, sms_sealed`

func settingOf(ctx context.Context, q db.Querier, brand id.ID) (setting, error) {
	s, err := db.One[setting](ctx, q, `SELECT `+settingColumns+` FROM notify_setting WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return newSetting(), nil
	}
	return s, err
}

// lockSetting makes sure that the brand has a row, and keeps it from other writers until tx ends.
func lockSetting(ctx context.Context, tx *db.Tx, brand id.ID) (setting, error) {
	s := newSetting()
	_, err := tx.Exec(ctx, `INSERT INTO notify_setting (brand_id, `+settingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL, 0, NULL)
		ON CONFLICT (brand_id) DO UPDATE SET reminders = notify_setting.reminders`, brand, s.Address, s.QuietFrom, s.QuietTo, s.DigestAt, s.DigestDay, s.Reminders)
	if err != nil {
		return s, err
	}
	return settingOf(ctx, tx, brand)
}

func updateSetting(ctx context.Context, tx *db.Tx, brand id.ID, s setting) error {
	_, err := tx.Exec(ctx, `UPDATE notify_setting SET address = $1, quiet_from = $2, quiet_to = $3, digest_at = $4, digest_day = $5, reminders = $6,
		mail_on = $7, mail_sealed = $8, sms_on = $9, sms_sealed = $10 WHERE brand_id = $11`,
		s.Address, s.QuietFrom, s.QuietTo, s.DigestAt, s.DigestDay, s.Reminders, s.MailOn, s.MailSealed, s.SMSOn, s.SMSSealed, brand)
	return err
}

// anythingOut tells whether the brand tells people by anything but the program itself.
func anythingOut(ctx context.Context, q db.Querier, brand id.ID) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS x FROM notify_setting WHERE brand_id = $1 AND mail_on + sms_on > 0
		UNION ALL SELECT 1 AS x FROM notify_robot WHERE brand_id = $2 AND is_on = 1) s`, brand, brand)
	return n > 0, err
}

// choice is a row of what somebody chose; UserID 0 is the brand.
type choice struct {
	UserID  id.ID   `db:"user_id"`
	Kind    string  `db:"kind"`
	Channel Channel `db:"channel"`
	Mode    Mode    `db:"mode"`
}

// selectChoices reads what the brand (user 0) and some users chose.
func selectChoices(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) ([]choice, error) {
	var a db.Args
	return db.All[choice](ctx, q, `SELECT user_id, kind, channel, mode FROM notify_choice WHERE brand_id = `+a.Add(brand)+` AND `+
		db.Among(q, &a, "user_id", users), a.Values...)
}

func upsertChoice(ctx context.Context, tx *db.Tx, brand id.ID, c choice) error {
	_, err := tx.Exec(ctx, `INSERT INTO notify_choice (brand_id, user_id, kind, channel, mode) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (brand_id, user_id, kind, channel) DO UPDATE SET mode = excluded.mode`, brand, int64(c.UserID), c.Kind, c.Channel, c.Mode)
	return err
}

func selectPersons(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]person, error) {
	var a db.Args
	rows, err := db.All[person](ctx, q, `SELECT user_id, quiet_from, quiet_to, mail_off FROM notify_person WHERE brand_id = `+a.Add(brand)+` AND `+
		db.Among(q, &a, "user_id", users), a.Values...)
	out := make(map[id.ID]person, len(rows))
	for _, p := range rows {
		out[p.UserID] = p
	}
	return out, err
}

func upsertPerson(ctx context.Context, tx *db.Tx, brand id.ID, p person) error {
	_, err := tx.Exec(ctx, `INSERT INTO notify_person (brand_id, user_id, quiet_from, quiet_to, mail_off) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (brand_id, user_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, mail_off = excluded.mail_off`,
		brand, p.UserID, p.QuietFrom, p.QuietTo, p.MailOff)
	return err
}

// robotRow is a robot as it is kept.
type robotRow struct {
	ID      id.ID    `db:"id"`
	Name    string   `db:"name"`
	Vendor  string   `db:"vendor"`
	UnitID  id.ID    `db:"unit_id"`
	Whole   int      `db:"whole"` // 1: the unit is the brand's top, so that people without a unit count as well
	Lang    string   `db:"lang"`
	Quiet   int      `db:"quiet"`
	KindsIn string   `db:"kinds"`
	Sealed  []byte   `db:"sealed"`
	Hint    string   `db:"hint"` // end of the address
	On      int      `db:"is_on"`
	Busy    int64    `db:"busy_ms"` // not before
	Created clock.Ms `db:"created_ms"`
}

// kinds gives the kinds that the robot tells.
func (r robotRow) kinds() []string {
	list := []string{}
	_ = json.Unmarshal([]byte(r.KindsIn), &list) // written by us
	return list
}

const robotColumns = `id, name, vendor, unit_id, whole, lang, quiet, kinds, sealed, hint, is_on, busy_ms, created_ms`

func selectRobots(ctx context.Context, q db.Querier, brand id.ID) ([]robotRow, error) {
	return db.All[robotRow](ctx, q, `SELECT `+robotColumns+` FROM notify_robot WHERE brand_id = $1 ORDER BY id`, brand)
}

func robotByID(ctx context.Context, q db.Querier, brand, robot id.ID) (robotRow, error) {
	return db.One[robotRow](ctx, q, `SELECT `+robotColumns+` FROM notify_robot WHERE brand_id = $1 AND id = $2`, brand, robot)
}

func insertRobot(ctx context.Context, tx *db.Tx, brand id.ID, r robotRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO notify_robot (brand_id, `+robotColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13)`,
		brand, r.ID, r.Name, r.Vendor, r.UnitID, r.Whole, r.Lang, r.Quiet, r.KindsIn, r.Sealed, r.Hint, r.On, r.Created)
	return err
}

func updateRobot(ctx context.Context, tx *db.Tx, brand id.ID, r robotRow) error {
	_, err := tx.Exec(ctx, `UPDATE notify_robot SET name = $1, vendor = $2, unit_id = $3, whole = $4, lang = $5, quiet = $6, kinds = $7, sealed = $8,
		hint = $9, is_on = $10 WHERE brand_id = $11 AND id = $12`,
		r.Name, r.Vendor, r.UnitID, r.Whole, r.Lang, r.Quiet, r.KindsIn, r.Sealed, r.Hint, r.On, brand, r.ID)
	return err
}

func deleteRobot(ctx context.Context, tx *db.Tx, brand, robot id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM notify_robot WHERE brand_id = $1 AND id = $2`, brand, robot)
	return err
}

// takeTurn reserves a robot until a moment, for one process and message; false when it is busy.
func takeTurn(ctx context.Context, q db.Querier, brand, robot id.ID, now, until clock.Ms) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE notify_robot SET busy_ms = $1 WHERE brand_id = $2 AND id = $3 AND busy_ms <= $4`, until, brand, robot, now)
	return n == 1, err
}

// restRobot leaves a robot alone until a moment at least.
func restRobot(ctx context.Context, q db.Querier, brand, robot id.ID, until clock.Ms) error {
	_, err := q.Exec(ctx, `UPDATE notify_robot SET busy_ms = $1 WHERE brand_id = $2 AND id = $3 AND busy_ms < $4`, until, brand, robot, until)
	return err
}
