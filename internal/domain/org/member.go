package org

import (
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// MemberStatus tells whether a member works for the matrix.
type MemberStatus string

// The states of a member.
const (
	Active MemberStatus = "active"
	Left   MemberStatus = "left"
)

// Persona is a part a member can play towards customers; several are allowed.
type Persona string

// The personas of the field.
const (
	ShoppingAssistant Persona = "shopping_assistant" // 购物助手
	TopicExpert       Persona = "topic_expert"       // 话题专家
	PrivatePartner    Persona = "private_partner"    // 私人伙伴
)

// Personas lists every persona.
func Personas() []Persona { return []Persona{ShoppingAssistant, TopicExpert, PrivatePartner} }

// Member is a person of the matrix. Phone is masked wherever it is read; Reveal alone gives it in the clear.
type Member struct {
	BrandID     id.ID        `db:"brand_id" json:"-"`
	ID          id.ID        `db:"id" json:"id"`
	UnitID      id.ID        `db:"unit_id" json:"unit_id"`
	UnitName    string       `db:"-" json:"unit_name"`
	UnitPath    string       `db:"-" json:"unit_path"`
	Name        string       `db:"name" json:"name"`
	NameKey     string       `db:"name_key" json:"-"`
	Pinyin      string       `db:"pinyin" json:"-"`
	Role        authz.Role   `db:"role" json:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
	Title       string       `db:"title" json:"title"`
	Code        string       `db:"code" json:"code" doc:"the customer's own staff number"`
	PhoneSealed []byte       `db:"phone_sealed" json:"-"`
	PhoneIndex  []byte       `db:"phone_index" json:"-"`
	PhoneLast4  []byte       `db:"phone_last4" json:"-"`
	Phone       string       `db:"-" json:"phone" doc:"masked"`
	Personas    Labels       `db:"personas" json:"personas"`
	Tags        Labels       `db:"tags" json:"tags"`
	Status      MemberStatus `db:"status" json:"status" enum:"active,left"`
	JoinedDay   clock.Day    `db:"joined_day" json:"joined_day"`
	LeftDay     clock.Day    `db:"left_day" json:"left_day"`
	UserID      id.ID        `db:"user_id" json:"-"`
	HasUser     bool         `db:"-" json:"has_user" doc:"can sign in"`
	ImportID    id.ID        `db:"import_id" json:"-"`
	Version     int64        `db:"version" json:"version"`
	CreatedAt   clock.Ms     `db:"created_ms" json:"created_at"`
	UpdatedAt   clock.Ms     `db:"updated_ms" json:"updated_at"`
}
