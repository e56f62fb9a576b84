// Package config holds the settings every command shares and reads them from
// three places: a flag wins over the environment, the environment over the
// configuration file, the file over the default.
//
// The file is YAML or JSON; its keys are the flags' names, those of one command
// below the command's name:
//
//	db: postgres://kosmos@db/kosmos
//	log-format: json
//	serve:
//	  addr: 0.0.0.0:8080
//
// A key that names no flag is an error, so that a slip of the pen is not silent.
// Every flag may be set as KOSMOS_<FLAG> (KOSMOS_DATA, KOSMOS_DB, KOSMOS_ADDR).
// Secrets (KOSMOS_KEY) come from the environment only.
//
// Not here: the commands (internal/app), settings a brand changes on its pages.
package config
