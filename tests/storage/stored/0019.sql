-- A database of version 0019, as SQLite dumps it.
BEGIN TRANSACTION;
CREATE TABLE address (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    asked TEXT NOT NULL DEFAULT '',
    misses INTEGER NOT NULL DEFAULT 0,
    last_tap TEXT NOT NULL DEFAULT '',
    last_at BIGINT NOT NULL,
    stopped_at BIGINT,
    leaving INTEGER NOT NULL DEFAULT 0 CHECK (leaving IN (0, 1)),
    created_at BIGINT NOT NULL, seat INTEGER NOT NULL DEFAULT 0, chat TEXT NOT NULL DEFAULT '', called TEXT NOT NULL DEFAULT '', until_at BIGINT,
    UNIQUE (channel, external_id)
);
INSERT INTO "address" VALUES(1,1,'telegram','co-bay-chat','co-bay-asked',1,'co-bay-tap',1795422600000,NULL,0,1795422600000,1,'','co-bay-at-home',NULL);
INSERT INTO "address" VALUES(2,1,'web','co-bay-page','',0,'',1795422600000,NULL,0,1795422600000,0,'','',NULL);
INSERT INTO "address" VALUES(3,3,'web','pupil','',0,'',1795422600000,NULL,0,1795422600000,0,'','',NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0019');
CREATE TABLE answer (
    attempt_id BIGINT NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    round INTEGER NOT NULL,
    given TEXT NOT NULL,
    verdict TEXT NOT NULL,
    is_right INTEGER NOT NULL CHECK (is_right IN (0, 1)),
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, question, round)
) WITHOUT ROWID;
INSERT INTO "answer" VALUES(1,'co-bay-question',1,'co-bay-given','right',1,1795422600000);
CREATE TABLE arrival (
    group_id BIGINT NOT NULL REFERENCES group_chat (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    came_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "arrival" VALUES(1,1,1795422600000,1795422600000);
CREATE TABLE assisted (
    learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    commune TEXT NOT NULL,
    hamlet_id BIGINT REFERENCES hamlet (id),
    helper_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    agreed_before_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    agreed_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "assisted" VALUES(1,'co-bay-noted','co bay noted','28696',NULL,3,3,1795422600000);
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    seed BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    right_count INTEGER NOT NULL DEFAULT 0,
    question_count INTEGER NOT NULL,
    passed INTEGER NOT NULL DEFAULT 0 CHECK (passed IN (0, 1))
, kind TEXT NOT NULL DEFAULT 'quiz'
        CHECK (kind IN ('quiz', 'review', 'early')), questions TEXT NOT NULL DEFAULT '');
INSERT INTO "attempt" VALUES(1,1,'co-bay-lesson',7,1795422600000,1795422600000,1,1,1,'quiz','');
INSERT INTO "attempt" VALUES(2,1,'',8,1795422600000,NULL,0,2,0,'review','co-bay-question co-bay-other');
CREATE TABLE attendance (
    fair_id BIGINT NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    came_at BIGINT NOT NULL,
    PRIMARY KEY (fair_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "attendance" VALUES(1,1,8,1795422600000);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    done_at BIGINT NOT NULL,
    actor_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    acted_as TEXT NOT NULL DEFAULT '',
    deed TEXT NOT NULL,
    subject_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    role TEXT NOT NULL DEFAULT '',
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT,
    cohort_id BIGINT
);
INSERT INTO "audit" VALUES(1,1795422600000,1,'','granted',1,'team_member','28696',1,NULL);
CREATE TABLE board_link (
    fingerprint TEXT PRIMARY KEY,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
) WITHOUT ROWID;
INSERT INTO "board_link" VALUES('5f36affd8b792c75831d0cbc6bbdf2f9e3fab22530ae0639377f622f0288ad90',1,1795422600000,1795681800000,NULL);
CREATE TABLE broadcast (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sender_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    approver_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    cohort_id BIGINT REFERENCES cohort (id) ON DELETE SET NULL,
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    course TEXT NOT NULL DEFAULT '',
    ready TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    signed TEXT NOT NULL DEFAULT '',
    is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1)),
    state TEXT NOT NULL CHECK (
        state IN ('draft', 'asking', 'running', 'done', 'stopped', 'refused', 'lapsed')
    ),
    edition INTEGER NOT NULL DEFAULT 0,
    people INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    shown_at BIGINT,
    confirmed_at BIGINT,
    ends_at BIGINT,
    finished_at BIGINT,
    cursor_cohort BIGINT NOT NULL DEFAULT 0,
    cursor_learner BIGINT NOT NULL DEFAULT 0,
    is_spread INTEGER NOT NULL DEFAULT 0 CHECK (is_spread IN (0, 1)),
    turn BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO "broadcast" VALUES(1,1,1,NULL,'28696',NULL,'','','co-bay-broadcast','co-bay-signed',0,'running',1,0,1795422600000,NULL,1795422600000,1795509000000,NULL,0,0,0,0,0);
CREATE TABLE broadcast_refusal (
    learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
    since_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "broadcast_refusal" VALUES(1,1795422600000);
CREATE TABLE channel_month (
        channel TEXT NOT NULL,
        month TEXT NOT NULL,
        sent BIGINT NOT NULL,
        PRIMARY KEY (channel, month)
    ) WITHOUT ROWID;
INSERT INTO "channel_month" VALUES('telegram','2026-11',3);
CREATE TABLE cohort (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    owner_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    course TEXT NOT NULL DEFAULT '',
    seats INTEGER CHECK (seats > 0),
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
INSERT INTO "cohort" VALUES(1,'co-bay-class',1,'28696',1,'',NULL,1795422600000,NULL);
CREATE TABLE cohort_code (
    code TEXT PRIMARY KEY,
    cohort_id BIGINT NOT NULL REFERENCES cohort (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    replaced_at BIGINT
);
INSERT INTO "cohort_code" VALUES('co-bay-code',1,1795422600000,1795681800000,NULL);
CREATE TABLE counted_commune (
    commune TEXT PRIMARY KEY,
    counted_at BIGINT,
    due_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "counted_commune" VALUES('28696',1795422600000,1795426200000);
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    priority INTEGER NOT NULL CHECK (priority >= 0),
    reply TEXT NOT NULL,
    replaces TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sending', 'failed', 'cancelled')),
    due_at BIGINT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    claimed_by TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    settled_at BIGINT
, expires_at BIGINT, begun_at BIGINT);
INSERT INTO "delivery" VALUES(1,1,0,'','','failed',1795422600000,0,'','co-bay-error',1795422600000,1795422600000,NULL,NULL);
INSERT INTO "delivery" VALUES(2,2,0,'co-bay-waiting','co-bay-replaced','waiting',1795509000000,0,'','',1795422600000,NULL,NULL,NULL);
CREATE TABLE enrolment (
    cohort_id BIGINT NOT NULL REFERENCES cohort (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    scope TEXT NOT NULL CHECK (scope IN ('', 'progress')),
    joined_at BIGINT NOT NULL,
    scope_at BIGINT NOT NULL, folded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (cohort_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "enrolment" VALUES(1,1,'co-bay-nick','progress',1795422600000,1795422600000,'co bay nick');
CREATE TABLE errand (
        address_id BIGINT PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        created_at BIGINT NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "errand" VALUES(1,'co-bay-reason',1795422600000);
CREATE TABLE fair (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    partner TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL,
    lesson TEXT NOT NULL,
    lessons INTEGER NOT NULL DEFAULT 0,
    opens_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
INSERT INTO "fair" VALUES(1,'co-bay-fair','co-bay-fair-name',1,'28696',NULL,'co-bay-partner','2026-11-23','gia-cong-an',0,1795422600000,1795465800000,1795422600000,NULL);
CREATE TABLE fair_hour (
    fair_id BIGINT NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
    hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    people INTEGER NOT NULL,
    PRIMARY KEY (fair_id, hour)
) WITHOUT ROWID;
INSERT INTO "fair_hour" VALUES(1,8,1);
CREATE TABLE field_figure (
    report_id BIGINT NOT NULL REFERENCES field_report (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    PRIMARY KEY (report_id, name)
) WITHOUT ROWID;
INSERT INTO "field_figure" VALUES(1,'R18',7);
CREATE TABLE field_report (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    commune TEXT NOT NULL,
    hamlet_id BIGINT REFERENCES hamlet (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'submitted', 'to_correct', 'approved', 'locked')),
    author_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    decided_by BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    reason TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
INSERT INTO "field_report" VALUES(1,'28696',1,'2020-01-02','2020-01-02','to_correct',1,1,'numbers',1795422600000,1795422600000);
CREATE TABLE group_chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE,
    address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    is_pasted INTEGER NOT NULL CHECK (is_pasted IN (0, 1)),
    label TEXT NOT NULL DEFAULT '',
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    shows_votes INTEGER NOT NULL DEFAULT 0 CHECK (shows_votes IN (0, 1)),
    lesson TEXT NOT NULL DEFAULT '',
    posted_at BIGINT,
    greeted_at BIGINT,
    created_at BIGINT NOT NULL
);
INSERT INTO "group_chat" VALUES(1,'co-bay-ref',2,1,'co-bay-group','',NULL,0,'',NULL,NULL,1795422600000);
CREATE TABLE hamlet (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    commune TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ap', 'khom', 'khu_pho')),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
INSERT INTO "hamlet" VALUES(1,'28696','ap','3','3',1795422600000,NULL);
CREATE TABLE host_key (
    fingerprint TEXT PRIMARY KEY,
    screen_id BIGINT NOT NULL REFERENCES screen (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
INSERT INTO "host_key" VALUES('co-bay-host',1,1,1795423500000);
CREATE TABLE household (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    created_at BIGINT NOT NULL
);
INSERT INTO "household" VALUES(1,'co-bay-home-code','co-bay-home','',NULL,1795422600000);
CREATE TABLE household_member (
    learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
    household_id BIGINT NOT NULL REFERENCES household (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    is_seen INTEGER NOT NULL DEFAULT 0 CHECK (is_seen IN (0, 1)),
    is_guide INTEGER NOT NULL DEFAULT 0 CHECK (is_guide IN (0, 1)),
    joined_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "household_member" VALUES(1,1,'co-bay-at-home',1,1,1795422600000);
CREATE TABLE invitation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('team_member', 'ambassador', 'administrator', 'cohort')),
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    cohort_id BIGINT REFERENCES cohort (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL UNIQUE,
    created_by BIGINT REFERENCES learner (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
INSERT INTO "invitation" VALUES(1,'ambassador','28696',NULL,NULL,'co-bay-fingerprint',1,1795422600000,1795681800000,NULL,NULL,NULL);
CREATE TABLE kept_count (
    is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
    commune TEXT NOT NULL,
    hamlet_id BIGINT NOT NULL,
    measure TEXT NOT NULL,
    subject TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (is_whole, commune, hamlet_id, measure, subject)
) WITHOUT ROWID;
INSERT INTO "kept_count" VALUES(1,'28696',0,'learners','',7);
CREATE TABLE kept_secret (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO "kept_secret" VALUES('notebook.codes','DGVTKuyvbQmOjp8YqG77MLr8hqW8pdZvmtWaxCPusSM');
CREATE TABLE learner (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    term TEXT NOT NULL DEFAULT '',
    consented_at BIGINT,
    consent_version TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
, zone TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT 'person'
    CHECK (kind IN ('person', 'group')));
INSERT INTO "learner" VALUES(1,'co-bay-term',1795422600000,'co-bay-words',1795422600000,'co-bay-zone','person');
INSERT INTO "learner" VALUES(3,'',NULL,'',1795422600000,'','person');
CREATE TABLE lesson_progress (
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    card INTEGER NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    done_at BIGINT,
    practice TEXT NOT NULL DEFAULT '' CHECK (practice IN ('', 'done', 'not_yet', 'stuck')),
    practice_at BIGINT,
    PRIMARY KEY (learner_id, lesson)
) WITHOUT ROWID;
INSERT INTO "lesson_progress" VALUES(1,'co-bay-lesson',2,1795422600000,1795422600000,1795422600000,'stuck',1795422600000);
CREATE TABLE live_answer (
    question_id BIGINT NOT NULL REFERENCES live_question (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    given TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (question_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "live_answer" VALUES(1,1,'co-bay-scam',1795422600000);
CREATE TABLE live_count (
    question_id BIGINT NOT NULL REFERENCES live_question (id) ON DELETE CASCADE,
    given TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (question_id, given)
) WITHOUT ROWID;
INSERT INTO "live_count" VALUES(1,'b',2);
CREATE TABLE live_question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    screen_id BIGINT NOT NULL REFERENCES screen (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    question TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    shown_at BIGINT
);
INSERT INTO "live_question" VALUES(1,1,'gia-cong-an','q1',1795422600000,NULL);
CREATE TABLE live_seat (
    screen_id BIGINT NOT NULL REFERENCES screen (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (screen_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "live_seat" VALUES(1,1,1795422600000);
CREATE TABLE milestone (
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    declared_at BIGINT,
    witnessed_at BIGINT,
    witnessed_by BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    PRIMARY KEY (learner_id, slug),
    CHECK (declared_at IS NOT NULL OR witnessed_at IS NOT NULL)
) WITHOUT ROWID;
INSERT INTO "milestone" VALUES(1,'co-bay-milestone',1795422600000,1795422600000,1);
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    sent_at BIGINT
);
INSERT INTO "note" VALUES(1,1,1,'co-bay-note',1795422600000,NULL);
CREATE TABLE note_refusal (
    learner_id BIGINT PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
    refused_at BIGINT NOT NULL
);
INSERT INTO "note_refusal" VALUES(1,1795422600000);
CREATE TABLE notebook_code (
        hash TEXT PRIMARY KEY,
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
        expires_at BIGINT NOT NULL,
        used_at BIGINT
    );
INSERT INTO "notebook_code" VALUES('f9ea21b9b39e9fc8c7ebec7eefb3a608498a92fc52a15b6e7da871ba96754a40',1,2,1795423500000,NULL);
CREATE TABLE oa_window (
        address_id BIGINT PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
        closed_at BIGINT,
        person_until_at BIGINT
    );
INSERT INTO "oa_window" VALUES(2,1795422600000,NULL);
CREATE TABLE official_confirmation (
    learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
    how_seen TEXT NOT NULL CHECK (how_seen IN ('declared', 'vneid', 'platform')),
    witness_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    acted_as TEXT NOT NULL DEFAULT '',
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    confirmed_at BIGINT NOT NULL,
    objected_at BIGINT
) WITHOUT ROWID;
INSERT INTO "official_confirmation" VALUES(1,'vneid',3,'ambassador','28696',NULL,1795422600000,NULL);
CREATE TABLE passed_on (
    teacher_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    pupil_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (teacher_id, pupil_id, lesson)
) WITHOUT ROWID;
INSERT INTO "passed_on" VALUES(1,3,'co-bay-shown',1795422600000,1795422600000);
CREATE TABLE paste (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id BIGINT NOT NULL REFERENCES group_chat (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    is_planned INTEGER NOT NULL CHECK (is_planned IN (0, 1)),
    given_at BIGINT NOT NULL,
    pasted_at BIGINT
);
INSERT INTO "paste" VALUES(1,1,'co-bay-pasted',1,1795422600000,NULL);
CREATE TABLE plan (
    group_id BIGINT PRIMARY KEY REFERENCES group_chat (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    days TEXT NOT NULL,
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    paused_at BIGINT,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO "plan" VALUES(1,'co-bay-course','co-bay-next','13',1170,NULL,1795422600000);
CREATE TABLE poll (
    channel TEXT NOT NULL,
    poll TEXT NOT NULL,
    address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    actions TEXT NOT NULL,
    created_at BIGINT NOT NULL, voters INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, poll)
) WITHOUT ROWID;
INSERT INTO "poll" VALUES('telegram','co-bay-poll',1,'co-bay-act',1795422600000,0);
CREATE TABLE public_picture (
        name TEXT PRIMARY KEY,
        address_id BIGINT REFERENCES address (id) ON DELETE CASCADE,
        picture TEXT NOT NULL,
        content TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    );
INSERT INTO "public_picture" VALUES('co-bay-picture',1,'path','co-bay-content',1796027400000);
CREATE TABLE recipient (
    broadcast_id BIGINT NOT NULL REFERENCES broadcast (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL CHECK (outcome IN (
        'later', 'queued', 'sent', 'unsure', 'failed', 'withheld', 'late', 'refused',
        'unreachable', 'stopped'
    )),
    delivery_id BIGINT,
    due_at BIGINT,
    settled_at BIGINT,
    PRIMARY KEY (broadcast_id, learner_id)
) WITHOUT ROWID;
INSERT INTO "recipient" VALUES(1,1,'stopped',NULL,NULL,1795422600000);
CREATE TABLE review_item (
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        question TEXT NOT NULL,
        stability DOUBLE PRECISION NOT NULL,
        difficulty DOUBLE PRECISION NOT NULL,
        reviewed_at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        is_safety INTEGER NOT NULL CHECK (is_safety IN (0, 1)),
        was_right INTEGER NOT NULL CHECK (was_right IN (0, 1)), meaning TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (learner_id, question)
    ) WITHOUT ROWID;
INSERT INTO "review_item" VALUES(1,'co-bay-question',2.5,5.25,1795422600000,1795595400000,1,1,'1.single.0.co-bay');
CREATE TABLE rhythm (
        learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('off', 'on', 'asleep')),
        days INTEGER NOT NULL,
        sessions INTEGER NOT NULL,
        is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
        minute INTEGER NOT NULL,
        begun_at BIGINT,
        rests_until_at BIGINT,
        reminded_at BIGINT,
        reminders INTEGER NOT NULL DEFAULT 0,
        unanswered INTEGER NOT NULL DEFAULT 0,
        is_skipping INTEGER NOT NULL DEFAULT 0 CHECK (is_skipping IN (0, 1)),
        offered_at BIGINT,
        fading_at BIGINT
    ) WITHOUT ROWID;
INSERT INTO "rhythm" VALUES(1,'on',21,3,1,1170,1795422600000,1796027400000,1795422600000,4,2,1,1795422600000,1795422600000);
CREATE TABLE role_grant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('team_member', 'ambassador', 'administrator')),
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    granted_by BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    granted_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    name TEXT NOT NULL DEFAULT ''
);
INSERT INTO "role_grant" VALUES(1,1,'team_member','28696',1,1,1795422600000,NULL,NULL,'co-bay-called');
CREATE TABLE screen (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cohort_id BIGINT UNIQUE REFERENCES cohort (id) ON DELETE CASCADE,
    fair_id BIGINT UNIQUE REFERENCES fair (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    begun_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    CHECK ((cohort_id IS NULL) <> (fair_id IS NULL))
);
INSERT INTO "screen" VALUES(1,NULL,1,'gia-cong-an',0,0,1795422600000,1795422600000);
CREATE TABLE seen (
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (channel, external_id)
) WITHOUT ROWID;
INSERT INTO "seen" VALUES('telegram','update-1',1795422600000);
CREATE TABLE sitting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL UNIQUE,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    browser TEXT NOT NULL DEFAULT '',
    begun_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO "sitting" VALUES(1,'5b3de520ecf880739d5e5672e64f48239b64664e0aa4c90ca88a157eeb3c8024',1,'co-bay-browser',1795422600000,1795422600000,1795681800000);
CREATE TABLE study_week (
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        monday TEXT NOT NULL,
        days INTEGER NOT NULL,
        wanted INTEGER NOT NULL,
        PRIMARY KEY (learner_id, monday)
    ) WITHOUT ROWID;
INSERT INTO "study_week" VALUES(1,'2026-11-23',1,3);
CREATE TABLE support_case (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('asked', 'stuck', 'wrong', 'stalled')),
    name TEXT NOT NULL DEFAULT '',
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    cohort_id BIGINT REFERENCES cohort (id) ON DELETE SET NULL,
    rung INTEGER NOT NULL DEFAULT 0 CHECK (rung BETWEEN 0 AND 3),
    watchword TEXT NOT NULL DEFAULT '',
    opened_at BIGINT NOT NULL,
    shared_at BIGINT,
    reached_at BIGINT,
    taken_by BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    taken_at BIGINT,
    helped_at BIGINT,
    closed_at BIGINT,
    outcome TEXT NOT NULL DEFAULT ''
        CHECK (outcome IN ('', 'success', 'helped', 'withdrawn', 'declined', 'united'))
, comes_on TEXT NOT NULL DEFAULT '', heard_at BIGINT, met_asked_at BIGINT);
INSERT INTO "support_case" VALUES(1,1,'bai.co-bay-lesson','stuck','co-bay-shown','28696',NULL,NULL,2,'co-bay-word',1795422600000,1795422600000,1795422600000,1,1795422600000,NULL,NULL,'','../2026-11-29',1795422600000,1795422600000);
CREATE TABLE timer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL DEFAULT '',
        due_at BIGINT NOT NULL,
        parked INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0, 1)),
        UNIQUE (address_id, kind, subject)
    );
INSERT INTO "timer" VALUES(1,1,'co-bay-kind','co-bay-subject',1795509000000,0);
CREATE TABLE unasked (
        learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        lines INTEGER NOT NULL,
        reminders INTEGER NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "unasked" VALUES(1,'2026-11-23',1,1);
CREATE TABLE visit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    commune TEXT NOT NULL,
    hamlet_id BIGINT NOT NULL REFERENCES hamlet (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('home', 'market', 'office', 'hall', 'online')),
    contents INTEGER NOT NULL DEFAULT 0,
    people INTEGER NOT NULL DEFAULT 0 CHECK (people >= 0),
    state TEXT NOT NULL CHECK (state IN ('draft', 'logged', 'withdrawn')),
    version INTEGER NOT NULL DEFAULT 1,
    held_by BIGINT REFERENCES field_report (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
INSERT INTO "visit" VALUES(1,1,'28696',1,'2026-11-23','home',0,5,'logged',2,NULL,1795422600000,1795422600000);
CREATE TABLE visit_milestone (
    visit_id BIGINT NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    people INTEGER NOT NULL CHECK (people > 0),
    PRIMARY KEY (visit_id, slug)
) WITHOUT ROWID;
INSERT INTO "visit_milestone" VALUES(1,'vneid_2',2);
CREATE TABLE visit_version (
    visit_id BIGINT NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    contents INTEGER NOT NULL,
    people INTEGER NOT NULL,
    milestones TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (visit_id, version)
) WITHOUT ROWID;
INSERT INTO "visit_version" VALUES(1,1,'2026-11-23','home',0,4,'vneid_2=2','logged',1795422600000);
CREATE TABLE web_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    delivery_id BIGINT UNIQUE,
    side TEXT NOT NULL CHECK (side IN ('learner', 'tutor')),
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO "web_line" VALUES(1,2,NULL,'learner','co-bay-typed',1795422600000);
INSERT INTO "web_line" VALUES(2,2,1,'tutor','co-bay-said',1795422600000);
CREATE TABLE witness (
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    lesson TEXT NOT NULL,
    witness_id BIGINT REFERENCES learner (id) ON DELETE SET NULL,
    acted_as TEXT NOT NULL,
    commune TEXT NOT NULL DEFAULT '',
    hamlet_id BIGINT REFERENCES hamlet (id),
    seen_at BIGINT NOT NULL,
    objected_at BIGINT,
    PRIMARY KEY (learner_id, lesson)
) WITHOUT ROWID;
INSERT INTO "witness" VALUES(1,'co-bay-lesson',3,'team_member','28696',NULL,1795422600000,1795422600000);
CREATE TABLE worker (
    id TEXT PRIMARY KEY,
    beat_at BIGINT NOT NULL
);
INSERT INTO "worker" VALUES('w1',1795422600000);
CREATE TABLE wrong_code (
    learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    tried_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (learner_id, tried_at)
) WITHOUT ROWID;
INSERT INTO "wrong_code" VALUES(1,1795420800000,1);
CREATE TABLE zalo_oa_token (
        app_id TEXT PRIMARY KEY,
        access TEXT NOT NULL DEFAULT '',
        refresh TEXT NOT NULL DEFAULT '',
        access_until_at BIGINT NOT NULL DEFAULT 0,
        renewed_at BIGINT NOT NULL DEFAULT 0,
        turn BIGINT NOT NULL DEFAULT 0,
        origins TEXT NOT NULL DEFAULT '',
        dead_at BIGINT,
        leased_by TEXT NOT NULL DEFAULT '',
        leased_until_at BIGINT NOT NULL DEFAULT 0
    );
INSERT INTO "zalo_oa_token" VALUES('co-bay-app','','',0,0,0,'',NULL,'',0);
CREATE INDEX address_learner ON address (learner_id);
CREATE INDEX address_leaving ON address (learner_id) WHERE leaving = 1;
CREATE INDEX seen_when ON seen (seen_at);
CREATE INDEX attempt_learner ON attempt (learner_id, lesson);
CREATE INDEX delivery_waiting ON delivery (priority, due_at, id) WHERE status = 'waiting';
CREATE INDEX delivery_sending ON delivery (claimed_by) WHERE status = 'sending';
CREATE INDEX delivery_failed ON delivery (tries) WHERE status = 'failed';
CREATE INDEX delivery_settled ON delivery (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX delivery_address ON delivery (address_id, status, priority, id);
CREATE INDEX poll_address ON poll (address_id);
CREATE INDEX web_line_address ON web_line (address_id, id);
CREATE INDEX review_item_due ON review_item (learner_id, due_at);
CREATE INDEX timer_due ON timer (due_at, id) WHERE parked = 0;
CREATE UNIQUE INDEX hamlet_name ON hamlet (commune, kind, folded) WHERE closed_at IS NULL;
CREATE INDEX hamlet_commune ON hamlet (commune, id);
CREATE INDEX role_grant_learner ON role_grant (learner_id);
CREATE INDEX role_grant_granter ON role_grant (granted_by);
CREATE INDEX role_grant_place ON role_grant (commune, role) WHERE revoked_at IS NULL;
CREATE INDEX cohort_owner ON cohort (owner_id);
CREATE INDEX cohort_place ON cohort (commune, hamlet_id) WHERE closed_at IS NULL;
CREATE INDEX cohort_code_cohort ON cohort_code (cohort_id);
CREATE UNIQUE INDEX cohort_code_current ON cohort_code (cohort_id) WHERE replaced_at IS NULL;
CREATE INDEX enrolment_learner ON enrolment (learner_id);
CREATE INDEX invitation_creator ON invitation (created_by);
CREATE INDEX invitation_taker ON invitation (used_by);
CREATE INDEX invitation_cohort ON invitation (cohort_id);
CREATE INDEX invitation_expiry ON invitation (expires_at);
CREATE INDEX audit_actor ON audit (actor_id);
CREATE INDEX audit_subject ON audit (subject_id);
CREATE INDEX audit_when ON audit (done_at);
CREATE INDEX wrong_code_when ON wrong_code (tried_at);
CREATE INDEX errand_created ON errand (created_at);
CREATE INDEX public_picture_address ON public_picture (address_id);
CREATE INDEX public_picture_expiry ON public_picture (expires_at);
CREATE INDEX notebook_code_learner ON notebook_code (learner_id);
CREATE INDEX notebook_code_address ON notebook_code (address_id);
CREATE INDEX notebook_code_expiry ON notebook_code (expires_at);
CREATE INDEX learner_stranger ON learner (created_at)
    WHERE consented_at IS NULL AND kind = 'person';
CREATE INDEX group_chat_address ON group_chat (address_id, id);
CREATE UNIQUE INDEX group_chat_own ON group_chat (address_id) WHERE is_pasted = 0;
CREATE INDEX arrival_learner ON arrival (learner_id);
CREATE INDEX arrival_day ON arrival (group_id, last_at);
CREATE INDEX paste_group ON paste (group_id, id);
CREATE INDEX paste_when ON paste (given_at);
CREATE INDEX broadcast_sender ON broadcast (sender_id, id);
CREATE INDEX broadcast_approver ON broadcast (approver_id);
CREATE INDEX broadcast_cohort ON broadcast (cohort_id);
CREATE INDEX broadcast_running ON broadcast (turn, id) WHERE state = 'running';
CREATE INDEX broadcast_asking ON broadcast (ends_at) WHERE state = 'asking';
CREATE INDEX broadcast_made ON broadcast (created_at);
CREATE INDEX recipient_learner ON recipient (learner_id);
CREATE INDEX recipient_later ON recipient (broadcast_id, due_at) WHERE outcome = 'later';
CREATE INDEX recipient_queued ON recipient (broadcast_id) WHERE outcome = 'queued';
CREATE INDEX recipient_delivery ON recipient (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX cohort_commune ON cohort (commune, id) WHERE closed_at IS NULL;
CREATE INDEX fair_owner ON fair (owner_id, id);
CREATE INDEX fair_end ON fair (ends_at) WHERE closed_at IS NULL;
CREATE INDEX attendance_learner ON attendance (learner_id);
CREATE INDEX host_key_screen ON host_key (screen_id);
CREATE INDEX host_key_learner ON host_key (learner_id);
CREATE INDEX host_key_expiry ON host_key (expires_at);
CREATE INDEX live_question_screen ON live_question (screen_id, id);
CREATE UNIQUE INDEX live_question_open ON live_question (screen_id) WHERE shown_at IS NULL;
CREATE INDEX live_answer_learner ON live_answer (learner_id);
CREATE INDEX live_seat_learner ON live_seat (learner_id);
CREATE INDEX live_seat_age ON live_seat (taken_at);
CREATE UNIQUE INDEX support_case_item ON support_case (learner_id, item) WHERE closed_at IS NULL;
CREATE INDEX support_case_learner ON support_case (learner_id, item);
CREATE INDEX support_case_place ON support_case (commune, shared_at)
    WHERE closed_at IS NULL AND taken_by IS NULL AND shared_at IS NOT NULL;
CREATE INDEX support_case_cohort ON support_case (cohort_id) WHERE closed_at IS NULL;
CREATE INDEX support_case_taker ON support_case (taken_by) WHERE closed_at IS NULL;
CREATE INDEX support_case_closed ON support_case (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX note_learner ON note (learner_id, author_id, written_at);
CREATE INDEX note_author ON note (author_id);
CREATE INDEX note_when ON note (written_at);
CREATE INDEX address_resting ON address (channel, chat) WHERE chat <> '';
CREATE INDEX household_place ON household (commune, hamlet_id);
CREATE INDEX household_member_household ON household_member (household_id, joined_at);
CREATE INDEX passed_on_pupil ON passed_on (pupil_id);
CREATE INDEX assisted_helper ON assisted (helper_id, folded);
CREATE INDEX assisted_agreed_before ON assisted (agreed_before_id);
CREATE INDEX assisted_left ON assisted (commune, hamlet_id) WHERE helper_id IS NULL;
CREATE INDEX witness_by ON witness (witness_id);
CREATE INDEX official_confirmation_by ON official_confirmation (witness_id);
CREATE INDEX milestone_witness ON milestone (witnessed_by);
CREATE UNIQUE INDEX field_report_what
    ON field_report (commune, COALESCE(hamlet_id, 0), starts_on, ends_on);
CREATE INDEX field_report_state ON field_report (state, commune);
CREATE INDEX field_report_author ON field_report (author_id, changed_at);
CREATE INDEX field_report_decider ON field_report (decided_by);
CREATE INDEX visit_author ON visit (author_id, id);
CREATE INDEX visit_counted ON visit (commune, hamlet_id, day)
    WHERE state = 'logged' AND held_by IS NULL;
CREATE INDEX visit_day ON visit (day) WHERE state = 'logged' AND held_by IS NULL;
CREATE INDEX visit_held ON visit (held_by) WHERE held_by IS NOT NULL;
CREATE INDEX cohort_everywhere ON cohort (commune, hamlet_id);
CREATE INDEX role_grant_everywhere ON role_grant (role, commune);
CREATE INDEX group_chat_place ON group_chat (commune, hamlet_id);
CREATE INDEX board_link_learner ON board_link (learner_id);
CREATE INDEX board_link_expiry ON board_link (expires_at);
CREATE INDEX sitting_learner ON sitting (learner_id);
CREATE INDEX sitting_expiry ON sitting (expires_at);
CREATE INDEX counted_commune_due ON counted_commune (due_at);
CREATE INDEX cohort_in_commune ON cohort (commune, id);
CREATE INDEX support_case_asked ON support_case (commune, hamlet_id)
    WHERE closed_at IS NULL AND shared_at IS NOT NULL;
CREATE INDEX support_case_done ON support_case (commune, closed_at)
    WHERE closed_at IS NOT NULL AND shared_at IS NOT NULL;
CREATE INDEX assisted_place ON assisted (commune, hamlet_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('learner',3);
INSERT INTO "sqlite_sequence" VALUES('address',3);
INSERT INTO "sqlite_sequence" VALUES('attempt',2);
INSERT INTO "sqlite_sequence" VALUES('delivery',2);
INSERT INTO "sqlite_sequence" VALUES('timer',1);
INSERT INTO "sqlite_sequence" VALUES('web_line',2);
INSERT INTO "sqlite_sequence" VALUES('hamlet',1);
INSERT INTO "sqlite_sequence" VALUES('role_grant',1);
INSERT INTO "sqlite_sequence" VALUES('cohort',1);
INSERT INTO "sqlite_sequence" VALUES('invitation',1);
INSERT INTO "sqlite_sequence" VALUES('audit',1);
INSERT INTO "sqlite_sequence" VALUES('sitting',1);
INSERT INTO "sqlite_sequence" VALUES('visit',1);
INSERT INTO "sqlite_sequence" VALUES('field_report',1);
INSERT INTO "sqlite_sequence" VALUES('group_chat',1);
INSERT INTO "sqlite_sequence" VALUES('paste',1);
INSERT INTO "sqlite_sequence" VALUES('fair',1);
INSERT INTO "sqlite_sequence" VALUES('screen',1);
INSERT INTO "sqlite_sequence" VALUES('live_question',1);
INSERT INTO "sqlite_sequence" VALUES('support_case',1);
INSERT INTO "sqlite_sequence" VALUES('note',1);
INSERT INTO "sqlite_sequence" VALUES('broadcast',1);
INSERT INTO "sqlite_sequence" VALUES('household',1);
COMMIT;
