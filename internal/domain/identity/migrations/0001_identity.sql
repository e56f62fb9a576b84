-- +goose Up
-- Global tables (no brand): brand, login, first_brand, failed_login.
CREATE TABLE identity_brand (
    id BIGINT NOT NULL PRIMARY KEY,
    slug {{text}} NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    settings {{json}} NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX uq_identity_brand__slug ON identity_brand (slug);

-- One row at most: whoever inserts it made the first brand of the store.
CREATE TABLE identity_first_brand (
    one INTEGER NOT NULL PRIMARY KEY
);

CREATE TABLE identity_login (
    id BIGINT NOT NULL PRIMARY KEY,
    email {{text}},
    phone_index {{text}},
    phone_sealed {{blob}},
    password TEXT NOT NULL,
    password_ms BIGINT NOT NULL,
    totp_sealed {{blob}},
    totp_pending {{blob}},
    totp_step BIGINT NOT NULL,
    recovery {{json}} NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX uq_identity_login__email ON identity_login (email);
CREATE UNIQUE INDEX uq_identity_login__phone_index ON identity_login (phone_index);

CREATE TABLE identity_failed_login (
    who {{text}} NOT NULL PRIMARY KEY,
    fails INTEGER NOT NULL,
    until_ms BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE TABLE identity_user (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    login_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    lang TEXT NOT NULL,
    member_id BIGINT,
    state TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_identity_user__login_id ON identity_user (brand_id, login_id);

-- unit_id 0 is the whole brand.
CREATE TABLE identity_grant (
    brand_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    granted_by BIGINT,
    granted_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, user_id, role, unit_id)
);
CREATE INDEX ix_identity_grant__unit_id__user_id ON identity_grant (brand_id, unit_id, user_id);

CREATE TABLE identity_session (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    token_hash {{text}} NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_identity_session__token_hash ON identity_session (brand_id, token_hash);
CREATE INDEX ix_identity_session__user_id ON identity_session (brand_id, user_id);

CREATE TABLE identity_token (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT,
    name TEXT NOT NULL,
    token_hash {{text}} NOT NULL,
    hint TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    scopes {{json}} NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    expires_ms BIGINT,
    revoked_ms BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_identity_token__token_hash ON identity_token (brand_id, token_hash);

CREATE TABLE identity_invitation (
    brand_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    token_hash {{text}} NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    member_id BIGINT,
    invited_by BIGINT,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    accepted_ms BIGINT,
    accepted_by BIGINT,
    revoked_ms BIGINT,
    PRIMARY KEY (brand_id, id)
);
CREATE UNIQUE INDEX uq_identity_invitation__token_hash ON identity_invitation (brand_id, token_hash);
