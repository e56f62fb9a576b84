// Package pillar holds the rules of content pillars: to which of them a text belongs, which target mix holds for an account,
// and how many posts an account is short of it. Pure: no database, no clock.
package pillar
