BEGIN TRANSACTION;
CREATE TABLE account_words (
	person_id TEXT NOT NULL, 
	provider TEXT NOT NULL, 
	source TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	external_user_id TEXT, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_no INTEGER NOT NULL, 
	PRIMARY KEY (person_id, provider, source, event_id)
);
INSERT INTO "account_words" VALUES('s1-1-p0','max','sis','event-7','1',NULL,1793523607000000,68);
INSERT INTO "account_words" VALUES('s1-1-p1','max','sis','event-11','2',NULL,1793523611000000,4);
INSERT INTO "account_words" VALUES('s1-1-p2','max','sis','event-15','3',NULL,1793523615000000,8);
INSERT INTO "account_words" VALUES('s1-1-p3','max','sis','event-19','4',NULL,1793523619000000,12);
INSERT INTO "account_words" VALUES('s1-2-p0','max','sis','event-24','5',NULL,1793523624000000,18);
INSERT INTO "account_words" VALUES('s1-2-p1','max','sis','event-28','6',NULL,1793523628000000,22);
INSERT INTO "account_words" VALUES('s1-2-p2','max','sis','event-32','7',NULL,1793523632000000,27);
INSERT INTO "account_words" VALUES('s1-2-p3','max','sis','event-36','8',NULL,1793523636000000,31);
INSERT INTO "account_words" VALUES('s1-t','max','sis','event-74','50',NULL,1793523674000000,73);
INSERT INTO "account_words" VALUES('s2-1-p0','max','sis','event-44','9',NULL,1793523644000000,40);
INSERT INTO "account_words" VALUES('s2-1-p1','max','sis','event-48','10',NULL,1793523648000000,44);
INSERT INTO "account_words" VALUES('s2-1-p2','max','sis','event-52','11',NULL,1793523652000000,49);
INSERT INTO "account_words" VALUES('s2-1-p3','max','sis','event-56','12',NULL,1793523656000000,53);
INSERT INTO "account_words" VALUES('s2-2-p0','max','sis','event-61','13',NULL,1793523661000000,59);
INSERT INTO "account_words" VALUES('s2-2-p1','max','sis','event-65','14',NULL,1793523665000000,63);
INSERT INTO "account_words" VALUES('s2-2-p2','max','sis','event-69','15',NULL,1793523669000000,67);
INSERT INTO "account_words" VALUES('s2-2-p3','max','sis','event-73','16',NULL,1793523673000000,72);
INSERT INTO "account_words" VALUES('s2-t','max','sis','event-75','51',NULL,1793523675000000,74);
INSERT INTO "account_words" VALUES('s1-5a','max','sis','event-85','55',NULL,1793523685000000,86);
INSERT INTO "account_words" VALUES('s2-5a','max','sis','event-86','56',NULL,1793523686000000,87);
CREATE TABLE adoption_claims (
	platform_token TEXT NOT NULL, 
	external_chat_id TEXT NOT NULL, 
	code TEXT NOT NULL, 
	account TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	next_at INTEGER, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	verdict TEXT, 
	PRIMARY KEY (platform_token, external_chat_id, code, account)
);
CREATE TABLE adoption_codes (
	code TEXT NOT NULL, 
	organisation_id TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	platform_token TEXT NOT NULL, 
	expires_at INTEGER NOT NULL, 
	used_at INTEGER, 
	PRIMARY KEY (code)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE api_tokens (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	scopes TEXT NOT NULL, 
	organisations TEXT NOT NULL, 
	made_at INTEGER NOT NULL, 
	revoked_at INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_api_tokens_digest UNIQUE (digest)
);
CREATE TABLE blocks (
	organisation_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	blocked BOOLEAN, 
	PRIMARY KEY (organisation_id, person_id, source, effective_on)
);
CREATE TABLE calls (
	call_no INTEGER NOT NULL, 
	room_no INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	accounts TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	PRIMARY KEY (call_no)
);
INSERT INTO "calls" VALUES(1,1,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(2,3,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(3,2,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(4,4,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(5,5,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(6,7,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(7,6,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(8,8,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(9,9,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(10,10,'create','[]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(11,1,'add','["1","2","3","4","50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(12,3,'add','["10","11","12","51","9"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(13,2,'add','["5","50","6","7","8"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(14,4,'add','["13","14","15","16","51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(15,5,'add','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(16,7,'add','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(17,6,'add','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(18,8,'add','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(19,9,'add','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(20,10,'add','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(21,1,'grant','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(22,3,'grant','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(23,2,'grant','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(24,4,'grant','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(25,5,'grant','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(26,7,'grant','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(27,6,'grant','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(28,8,'grant','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(29,9,'grant','["50"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(30,10,'grant','["51"]',1793610000200000,'ok');
INSERT INTO "calls" VALUES(31,1,'remove','["1"]',1793610005200000,'ok');
INSERT INTO "calls" VALUES(32,2,'add','["1"]',1793610010400000,'ok');
INSERT INTO "calls" VALUES(33,11,'create','[]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(34,12,'create','[]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(35,11,'add','["50"]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(36,12,'add','["50"]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(37,11,'grant','["50"]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(38,12,'grant','["50"]',1793610015600000,'ok');
INSERT INTO "calls" VALUES(39,13,'create','[]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(40,14,'create','[]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(41,11,'remove','["50"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(42,12,'remove','["50"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(43,13,'add','["51"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(44,14,'add','["51"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(45,11,'archive','[]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(46,12,'archive','[]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(47,13,'grant','["51"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(48,14,'grant','["51"]',1793610020800000,'ok');
INSERT INTO "calls" VALUES(49,13,'add','["56"]',1793610026000000,'ok');
INSERT INTO "calls" VALUES(50,4,'remove','["13"]',1793610031200000,'ok');
INSERT INTO "calls" VALUES(51,8,'archive','[]',1793610031200000,'ok');
INSERT INTO "calls" VALUES(52,4,'remove','["14"]',1793610031200000,'ok');
INSERT INTO "calls" VALUES(53,4,'remove','["15"]',1793610031200000,'ok');
INSERT INTO "calls" VALUES(54,4,'remove','["16"]',1793610031200000,'ok');
INSERT INTO "calls" VALUES(55,4,'archive','[]',1793610031200000,'ok');
CREATE TABLE changes (
	change_no INTEGER NOT NULL, 
	organisation_id TEXT NOT NULL, 
	room_no INTEGER NOT NULL, 
	chat_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	account TEXT NOT NULL, 
	action TEXT NOT NULL, 
	role TEXT, 
	reasons TEXT NOT NULL, 
	cause_no INTEGER NOT NULL, 
	call_no INTEGER, 
	at INTEGER NOT NULL, 
	published_at INTEGER, 
	PRIMARY KEY (change_no)
);
INSERT INTO "changes" VALUES(1,'s1',1,'class:s1-1','s1-1-p0','1','added','member','["studies_in"]',74,11,1793610000200000,NULL);
INSERT INTO "changes" VALUES(2,'s1',1,'class:s1-1','s1-1-p1','2','added','member','["studies_in"]',75,11,1793610000200000,NULL);
INSERT INTO "changes" VALUES(3,'s1',1,'class:s1-1','s1-1-p2','3','added','member','["studies_in"]',74,11,1793610000200000,NULL);
INSERT INTO "changes" VALUES(4,'s1',1,'class:s1-1','s1-1-p3','4','added','member','["studies_in"]',74,11,1793610000200000,NULL);
INSERT INTO "changes" VALUES(5,'s1',1,'class:s1-1','s1-t','50','added','member','["chat_administrator","homeroom"]',74,11,1793610000200000,NULL);
INSERT INTO "changes" VALUES(6,'s2',3,'class:s2-1','s2-1-p1','10','added','member','["studies_in"]',74,12,1793610000200000,NULL);
INSERT INTO "changes" VALUES(7,'s2',3,'class:s2-1','s2-1-p2','11','added','member','["studies_in"]',74,12,1793610000200000,NULL);
INSERT INTO "changes" VALUES(8,'s2',3,'class:s2-1','s2-1-p3','12','added','member','["studies_in"]',74,12,1793610000200000,NULL);
INSERT INTO "changes" VALUES(9,'s2',3,'class:s2-1','s2-t','51','added','member','["chat_administrator","homeroom"]',74,12,1793610000200000,NULL);
INSERT INTO "changes" VALUES(10,'s2',3,'class:s2-1','s2-1-p0','9','added','member','["studies_in"]',74,12,1793610000200000,NULL);
INSERT INTO "changes" VALUES(11,'s1',2,'class:s1-2','s1-2-p0','5','added','member','["studies_in"]',74,13,1793610000200000,NULL);
INSERT INTO "changes" VALUES(12,'s1',2,'class:s1-2','s1-t','50','added','member','["chat_administrator","homeroom"]',74,13,1793610000200000,NULL);
INSERT INTO "changes" VALUES(13,'s1',2,'class:s1-2','s1-2-p1','6','added','member','["studies_in"]',74,13,1793610000200000,NULL);
INSERT INTO "changes" VALUES(14,'s1',2,'class:s1-2','s1-2-p2','7','added','member','["studies_in"]',74,13,1793610000200000,NULL);
INSERT INTO "changes" VALUES(15,'s1',2,'class:s1-2','s1-2-p3','8','added','member','["studies_in"]',74,13,1793610000200000,NULL);
INSERT INTO "changes" VALUES(16,'s2',4,'class:s2-2','s2-2-p0','13','added','member','["studies_in"]',74,14,1793610000200000,NULL);
INSERT INTO "changes" VALUES(17,'s2',4,'class:s2-2','s2-2-p1','14','added','member','["studies_in"]',74,14,1793610000200000,NULL);
INSERT INTO "changes" VALUES(18,'s2',4,'class:s2-2','s2-2-p2','15','added','member','["studies_in"]',74,14,1793610000200000,NULL);
INSERT INTO "changes" VALUES(19,'s2',4,'class:s2-2','s2-2-p3','16','added','member','["studies_in"]',74,14,1793610000200000,NULL);
INSERT INTO "changes" VALUES(20,'s2',4,'class:s2-2','s2-t','51','added','member','["chat_administrator","homeroom"]',74,14,1793610000200000,NULL);
INSERT INTO "changes" VALUES(21,'s1',5,'parents:s1-1','s1-t','50','added','member','["chat_administrator","homeroom"]',74,15,1793610000200000,NULL);
INSERT INTO "changes" VALUES(22,'s2',7,'parents:s2-1','s2-t','51','added','member','["chat_administrator","homeroom"]',74,16,1793610000200000,NULL);
INSERT INTO "changes" VALUES(23,'s1',6,'parents:s1-2','s1-t','50','added','member','["chat_administrator","homeroom"]',74,17,1793610000200000,NULL);
INSERT INTO "changes" VALUES(24,'s2',8,'parents:s2-2','s2-t','51','added','member','["chat_administrator","homeroom"]',74,18,1793610000200000,NULL);
INSERT INTO "changes" VALUES(25,'s1',9,'staff:s1','s1-t','50','added','member','["chat_administrator","employed"]',74,19,1793610000200000,NULL);
INSERT INTO "changes" VALUES(26,'s2',10,'staff:s2','s2-t','51','added','member','["chat_administrator","employed"]',74,20,1793610000200000,NULL);
INSERT INTO "changes" VALUES(27,'s1',1,'class:s1-1','s1-t','50','role_changed','admin','["chat_administrator","homeroom"]',74,21,1793610000200000,NULL);
INSERT INTO "changes" VALUES(28,'s2',3,'class:s2-1','s2-t','51','role_changed','admin','["chat_administrator","homeroom"]',74,22,1793610000200000,NULL);
INSERT INTO "changes" VALUES(29,'s1',2,'class:s1-2','s1-t','50','role_changed','admin','["chat_administrator","homeroom"]',74,23,1793610000200000,NULL);
INSERT INTO "changes" VALUES(30,'s2',4,'class:s2-2','s2-t','51','role_changed','admin','["chat_administrator","homeroom"]',74,24,1793610000200000,NULL);
INSERT INTO "changes" VALUES(31,'s1',5,'parents:s1-1','s1-t','50','role_changed','admin','["chat_administrator","homeroom"]',74,25,1793610000200000,NULL);
INSERT INTO "changes" VALUES(32,'s2',7,'parents:s2-1','s2-t','51','role_changed','admin','["chat_administrator","homeroom"]',74,26,1793610000200000,NULL);
INSERT INTO "changes" VALUES(33,'s1',6,'parents:s1-2','s1-t','50','role_changed','admin','["chat_administrator","homeroom"]',74,27,1793610000200000,NULL);
INSERT INTO "changes" VALUES(34,'s2',8,'parents:s2-2','s2-t','51','role_changed','admin','["chat_administrator","homeroom"]',74,28,1793610000200000,NULL);
INSERT INTO "changes" VALUES(35,'s1',9,'staff:s1','s1-t','50','role_changed','admin','["chat_administrator","employed"]',74,29,1793610000200000,NULL);
INSERT INTO "changes" VALUES(36,'s2',10,'staff:s2','s2-t','51','role_changed','admin','["chat_administrator","employed"]',74,30,1793610000200000,NULL);
INSERT INTO "changes" VALUES(37,'s1',1,'class:s1-1','s1-1-p0','1','removed',NULL,'[]',77,31,1793610005200000,NULL);
INSERT INTO "changes" VALUES(38,'s1',2,'class:s1-2','s1-1-p0','1','added','member','["studies_in"]',78,32,1793610010400000,NULL);
INSERT INTO "changes" VALUES(39,'s1',11,'class:5a','s1-t','50','added','member','["chat_administrator"]',82,35,1793610015600000,NULL);
INSERT INTO "changes" VALUES(40,'s1',12,'parents:5a','s1-t','50','added','member','["chat_administrator"]',82,36,1793610015600000,NULL);
INSERT INTO "changes" VALUES(41,'s1',11,'class:5a','s1-t','50','role_changed','admin','["chat_administrator"]',82,37,1793610015600000,NULL);
INSERT INTO "changes" VALUES(42,'s1',12,'parents:5a','s1-t','50','role_changed','admin','["chat_administrator"]',82,38,1793610015600000,NULL);
INSERT INTO "changes" VALUES(43,'s1',11,'class:5a','s1-t','50','removed',NULL,'[]',84,41,1793610020800000,NULL);
INSERT INTO "changes" VALUES(44,'s1',12,'parents:5a','s1-t','50','removed',NULL,'[]',84,42,1793610020800000,NULL);
INSERT INTO "changes" VALUES(45,'s2',13,'class:5a','s2-t','51','added','member','["chat_administrator"]',84,43,1793610020800000,NULL);
INSERT INTO "changes" VALUES(46,'s2',14,'parents:5a','s2-t','51','added','member','["chat_administrator"]',84,44,1793610020800000,NULL);
INSERT INTO "changes" VALUES(47,'s2',13,'class:5a','s2-t','51','role_changed','admin','["chat_administrator"]',84,47,1793610020800000,NULL);
INSERT INTO "changes" VALUES(48,'s2',14,'parents:5a','s2-t','51','role_changed','admin','["chat_administrator"]',84,48,1793610020800000,NULL);
INSERT INTO "changes" VALUES(49,'s2',13,'class:5a','s2-5a','56','added','member','["studies_in"]',87,49,1793610026000000,NULL);
INSERT INTO "changes" VALUES(50,'s2',4,'class:s2-2','s2-2-p0','13','removed',NULL,'[]',89,50,1793610031200000,NULL);
INSERT INTO "changes" VALUES(51,'s2',4,'class:s2-2','s2-2-p1','14','removed',NULL,'[]',89,52,1793610031200000,NULL);
INSERT INTO "changes" VALUES(52,'s2',4,'class:s2-2','s2-2-p2','15','removed',NULL,'[]',89,53,1793610031200000,NULL);
INSERT INTO "changes" VALUES(53,'s2',4,'class:s2-2','s2-2-p3','16','removed',NULL,'[]',89,54,1793610031200000,NULL);
CREATE TABLE chat_administrators (
	organisation_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	employee_id TEXT, 
	PRIMARY KEY (organisation_id, source, effective_on)
);
INSERT INTO "chat_administrators" VALUES('s1','sis','0001-01-01',NULL,1793523602000000,'event-2',13,'s1-t');
INSERT INTO "chat_administrators" VALUES('s2','sis','0001-01-01',NULL,1793523639000000,'event-39',34,'s2-t');
CREATE TABLE chat_names (
	organisation_id TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	name TEXT, 
	PRIMARY KEY (organisation_id, chat_id, source, effective_on)
);
CREATE TABLE chat_states (
	organisation_id TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	"exists" BOOLEAN, 
	chat_type TEXT, 
	group_id TEXT, 
	PRIMARY KEY (organisation_id, chat_id, source, effective_on)
);
CREATE TABLE claims (
	entity TEXT NOT NULL, 
	entity_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	organisation_id TEXT, 
	PRIMARY KEY (entity, entity_id, source, effective_on)
);
INSERT INTO "claims" VALUES('class','s1-1','sis','0001-01-01',NULL,1793523603000000,'event-3',24,'s1');
INSERT INTO "claims" VALUES('class','s1-2','sis','0001-01-01',NULL,1793523620000000,'event-20',14,'s1');
INSERT INTO "claims" VALUES('class','s2-1','sis','0001-01-01',NULL,1793523640000000,'event-40',36,'s2');
INSERT INTO "claims" VALUES('class','s2-2','sis','0001-01-01',NULL,1793523657000000,'event-57',54,'s2');
INSERT INTO "claims" VALUES('class','5a','sis','0001-01-01',NULL,1793523683000000,'event-83',84,'s2');
CREATE TABLE class_names (
	organisation_id TEXT NOT NULL, 
	class_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	name TEXT, 
	PRIMARY KEY (organisation_id, class_id, source, effective_on)
);
INSERT INTO "class_names" VALUES('s1','s1-1','sis','0001-01-01',NULL,1793523603000000,'event-3',24,'s1-1');
INSERT INTO "class_names" VALUES('s1','s1-2','sis','0001-01-01',NULL,1793523620000000,'event-20',14,'s1-2');
INSERT INTO "class_names" VALUES('s2','s2-1','sis','0001-01-01',NULL,1793523640000000,'event-40',36,'s2-1');
INSERT INTO "class_names" VALUES('s2','s2-2','sis','0001-01-01',NULL,1793523657000000,'event-57',54,'s2-2');
INSERT INTO "class_names" VALUES('s1','5a','sis','0001-01-01',NULL,1793523681000000,'event-81',82,'5 А');
INSERT INTO "class_names" VALUES('s2','5a','sis','0001-01-01',NULL,1793523683000000,'event-83',84,'5 А');
CREATE TABLE class_states (
	organisation_id TEXT NOT NULL, 
	class_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	open BOOLEAN, 
	PRIMARY KEY (organisation_id, class_id, source, effective_on)
);
INSERT INTO "class_states" VALUES('s1','s1-1','sis','0001-01-01',NULL,1793523603000000,'event-3',24,1);
INSERT INTO "class_states" VALUES('s1','s1-2','sis','0001-01-01',NULL,1793523620000000,'event-20',14,1);
INSERT INTO "class_states" VALUES('s2','s2-1','sis','0001-01-01',NULL,1793523640000000,'event-40',36,1);
INSERT INTO "class_states" VALUES('s2','s2-2','sis','0001-01-01',NULL,1793523688000000,'event-88',89,0);
INSERT INTO "class_states" VALUES('s1','5a','sis','0001-01-01',NULL,1793523681000000,'event-81',82,1);
INSERT INTO "class_states" VALUES('s2','5a','sis','0001-01-01',NULL,1793523683000000,'event-83',84,1);
CREATE TABLE class_years (
	organisation_id TEXT NOT NULL, 
	class_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	school_year TEXT, 
	PRIMARY KEY (organisation_id, class_id, source, effective_on)
);
INSERT INTO "class_years" VALUES('s1','s1-1','sis','0001-01-01',NULL,1793523603000000,'event-3',24,'2026/2027');
INSERT INTO "class_years" VALUES('s1','s1-2','sis','0001-01-01',NULL,1793523620000000,'event-20',14,'2026/2027');
INSERT INTO "class_years" VALUES('s2','s2-1','sis','0001-01-01',NULL,1793523640000000,'event-40',36,'2026/2027');
INSERT INTO "class_years" VALUES('s2','s2-2','sis','0001-01-01',NULL,1793523657000000,'event-57',54,'2026/2027');
INSERT INTO "class_years" VALUES('s1','5a','sis','0001-01-01',NULL,1793523681000000,'event-81',82,'2026/2027');
INSERT INTO "class_years" VALUES('s2','5a','sis','0001-01-01',NULL,1793523683000000,'event-83',84,'2026/2027');
CREATE TABLE dead_letters (
	no INTEGER NOT NULL, 
	topic TEXT NOT NULL, 
	partition INTEGER NOT NULL, 
	"offset" INTEGER NOT NULL, 
	"key" TEXT, 
	headers TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	errors TEXT NOT NULL, 
	source TEXT, 
	id TEXT, 
	received_at INTEGER NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	published_at INTEGER, 
	PRIMARY KEY (no), 
	CONSTRAINT uq_dead_letters_topic_partition_offset_received_at UNIQUE (topic, partition, "offset", received_at)
);
CREATE TABLE denials (
	organisation_id TEXT NOT NULL, 
	guardian_id TEXT NOT NULL, 
	student_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	denied BOOLEAN, 
	PRIMARY KEY (organisation_id, guardian_id, student_id, source, effective_on)
);
INSERT INTO "denials" VALUES('s1','s1-1-p0-g','s1-1-p0','sis','0001-01-01',NULL,1793523605000000,'event-5',46,0);
INSERT INTO "denials" VALUES('s1','s1-1-p1-g','s1-1-p1','sis','0001-01-01',NULL,1793523609000000,'event-9',76,0);
INSERT INTO "denials" VALUES('s1','s1-1-p2-g','s1-1-p2','sis','0001-01-01',NULL,1793523613000000,'event-13',6,0);
INSERT INTO "denials" VALUES('s1','s1-1-p3-g','s1-1-p3','sis','0001-01-01',NULL,1793523617000000,'event-17',10,0);
INSERT INTO "denials" VALUES('s1','s1-2-p0-g','s1-2-p0','sis','0001-01-01',NULL,1793523622000000,'event-22',16,0);
INSERT INTO "denials" VALUES('s1','s1-2-p1-g','s1-2-p1','sis','0001-01-01',NULL,1793523626000000,'event-26',20,0);
INSERT INTO "denials" VALUES('s1','s1-2-p2-g','s1-2-p2','sis','0001-01-01',NULL,1793523630000000,'event-30',25,0);
INSERT INTO "denials" VALUES('s1','s1-2-p3-g','s1-2-p3','sis','0001-01-01',NULL,1793523634000000,'event-34',29,0);
INSERT INTO "denials" VALUES('s2','s2-1-p0-g','s2-1-p0','sis','0001-01-01',NULL,1793523642000000,'event-42',38,0);
INSERT INTO "denials" VALUES('s2','s2-1-p1-g','s2-1-p1','sis','0001-01-01',NULL,1793523646000000,'event-46',42,0);
INSERT INTO "denials" VALUES('s2','s2-1-p2-g','s2-1-p2','sis','0001-01-01',NULL,1793523650000000,'event-50',47,0);
INSERT INTO "denials" VALUES('s2','s2-1-p3-g','s2-1-p3','sis','0001-01-01',NULL,1793523654000000,'event-54',51,0);
INSERT INTO "denials" VALUES('s2','s2-2-p0-g','s2-2-p0','sis','0001-01-01',NULL,1793523659000000,'event-59',56,0);
INSERT INTO "denials" VALUES('s2','s2-2-p1-g','s2-2-p1','sis','0001-01-01',NULL,1793523663000000,'event-63',61,0);
INSERT INTO "denials" VALUES('s2','s2-2-p2-g','s2-2-p2','sis','0001-01-01',NULL,1793523667000000,'event-67',65,0);
INSERT INTO "denials" VALUES('s2','s2-2-p3-g','s2-2-p3','sis','0001-01-01',NULL,1793523671000000,'event-71',70,0);
CREATE TABLE employments (
	organisation_id TEXT NOT NULL, 
	employee_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	position_type TEXT, 
	position TEXT, 
	PRIMARY KEY (organisation_id, employee_id, source, effective_on)
);
INSERT INTO "employments" VALUES('s1','s1-t','sis','0001-01-01',NULL,1793523601000000,'event-1',2,'teaching_staff',NULL);
INSERT INTO "employments" VALUES('s2','s2-t','sis','0001-01-01',NULL,1793523638000000,'event-38',33,'teaching_staff',NULL);
INSERT INTO "employments" VALUES('s2','w','sis','0001-01-01',NULL,1793523680000000,'event-80',81,'teaching_staff',NULL);
CREATE TABLE enrolments (
	organisation_id TEXT NOT NULL, 
	student_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	class_id TEXT, 
	school_year TEXT, 
	reason TEXT, 
	how TEXT, 
	PRIMARY KEY (organisation_id, student_id, source, effective_on)
);
INSERT INTO "enrolments" VALUES('s1','s1-1-p0','sis','0001-01-01',NULL,1793523677000000,'event-77',78,'s1-2',NULL,NULL,'transferred');
INSERT INTO "enrolments" VALUES('s1','s1-1-p1','sis','0001-01-01',NULL,1793523608000000,'event-8',75,'s1-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-1-p2','sis','0001-01-01',NULL,1793523612000000,'event-12',5,'s1-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-1-p3','sis','0001-01-01',NULL,1793523616000000,'event-16',9,'s1-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-2-p0','sis','0001-01-01',NULL,1793523621000000,'event-21',15,'s1-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-2-p1','sis','0001-01-01',NULL,1793523625000000,'event-25',19,'s1-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-2-p2','sis','0001-01-01',NULL,1793523629000000,'event-29',23,'s1-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-2-p3','sis','0001-01-01',NULL,1793523633000000,'event-33',28,'s1-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-1-p0','sis','0001-01-01',NULL,1793523641000000,'event-41',37,'s2-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-1-p1','sis','0001-01-01',NULL,1793523645000000,'event-45',41,'s2-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-1-p2','sis','0001-01-01',NULL,1793523649000000,'event-49',45,'s2-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-1-p3','sis','0001-01-01',NULL,1793523653000000,'event-53',50,'s2-1',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-2-p0','sis','0001-01-01',NULL,1793523658000000,'event-58',55,'s2-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-2-p1','sis','0001-01-01',NULL,1793523662000000,'event-62',60,'s2-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-2-p2','sis','0001-01-01',NULL,1793523666000000,'event-66',64,'s2-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-2-p3','sis','0001-01-01',NULL,1793523670000000,'event-70',69,'s2-2',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s1','s1-5a','sis','0001-01-01',NULL,1793523682000000,'event-82',83,'5a',NULL,NULL,'enrolled');
INSERT INTO "enrolments" VALUES('s2','s2-5a','sis','0001-01-01',NULL,1793523684000000,'event-84',85,'5a',NULL,NULL,'enrolled');
CREATE TABLE entities (
	entity TEXT NOT NULL, 
	id TEXT NOT NULL, 
	PRIMARY KEY (entity, id)
);
INSERT INTO "entities" VALUES('class','s1-1');
INSERT INTO "entities" VALUES('class','s1-2');
INSERT INTO "entities" VALUES('class','s2-1');
INSERT INTO "entities" VALUES('class','s2-2');
INSERT INTO "entities" VALUES('class','5a');
CREATE TABLE external_accounts (
	provider TEXT NOT NULL, 
	external_user_id TEXT NOT NULL, 
	PRIMARY KEY (provider, external_user_id)
);
INSERT INTO "external_accounts" VALUES('max','1');
INSERT INTO "external_accounts" VALUES('max','10');
INSERT INTO "external_accounts" VALUES('max','11');
INSERT INTO "external_accounts" VALUES('max','12');
INSERT INTO "external_accounts" VALUES('max','13');
INSERT INTO "external_accounts" VALUES('max','14');
INSERT INTO "external_accounts" VALUES('max','15');
INSERT INTO "external_accounts" VALUES('max','16');
INSERT INTO "external_accounts" VALUES('max','2');
INSERT INTO "external_accounts" VALUES('max','3');
INSERT INTO "external_accounts" VALUES('max','4');
INSERT INTO "external_accounts" VALUES('max','5');
INSERT INTO "external_accounts" VALUES('max','50');
INSERT INTO "external_accounts" VALUES('max','51');
INSERT INTO "external_accounts" VALUES('max','6');
INSERT INTO "external_accounts" VALUES('max','7');
INSERT INTO "external_accounts" VALUES('max','8');
INSERT INTO "external_accounts" VALUES('max','9');
INSERT INTO "external_accounts" VALUES('max','55');
INSERT INTO "external_accounts" VALUES('max','56');
CREATE TABLE group_mentions (
	organisation_id TEXT NOT NULL, 
	student_id TEXT NOT NULL, 
	group_id TEXT NOT NULL, 
	PRIMARY KEY (organisation_id, student_id, group_id)
);
CREATE TABLE group_rosters (
	organisation_id TEXT NOT NULL, 
	group_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	student_ids TEXT, 
	PRIMARY KEY (organisation_id, group_id, source, effective_on)
);
CREATE TABLE group_states (
	organisation_id TEXT NOT NULL, 
	group_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	open BOOLEAN, 
	class_id TEXT, 
	subject TEXT, 
	name TEXT, 
	PRIMARY KEY (organisation_id, group_id, source, effective_on)
);
CREATE TABLE group_teachers (
	organisation_id TEXT NOT NULL, 
	group_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	employee_id TEXT, 
	PRIMARY KEY (organisation_id, group_id, source, effective_on)
);
CREATE TABLE guardianships (
	organisation_id TEXT NOT NULL, 
	guardian_id TEXT NOT NULL, 
	student_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	assigned BOOLEAN, 
	relation TEXT, 
	PRIMARY KEY (organisation_id, guardian_id, student_id, source, effective_on)
);
INSERT INTO "guardianships" VALUES('s1','s1-1-p0-g','s1-1-p0','sis','0001-01-01',NULL,1793523605000000,'event-5',46,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-1-p1-g','s1-1-p1','sis','0001-01-01',NULL,1793523609000000,'event-9',76,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-1-p2-g','s1-1-p2','sis','0001-01-01',NULL,1793523613000000,'event-13',6,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-1-p3-g','s1-1-p3','sis','0001-01-01',NULL,1793523617000000,'event-17',10,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-2-p0-g','s1-2-p0','sis','0001-01-01',NULL,1793523622000000,'event-22',16,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-2-p1-g','s1-2-p1','sis','0001-01-01',NULL,1793523626000000,'event-26',20,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-2-p2-g','s1-2-p2','sis','0001-01-01',NULL,1793523630000000,'event-30',25,1,NULL);
INSERT INTO "guardianships" VALUES('s1','s1-2-p3-g','s1-2-p3','sis','0001-01-01',NULL,1793523634000000,'event-34',29,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-1-p0-g','s2-1-p0','sis','0001-01-01',NULL,1793523642000000,'event-42',38,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-1-p1-g','s2-1-p1','sis','0001-01-01',NULL,1793523646000000,'event-46',42,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-1-p2-g','s2-1-p2','sis','0001-01-01',NULL,1793523650000000,'event-50',47,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-1-p3-g','s2-1-p3','sis','0001-01-01',NULL,1793523654000000,'event-54',51,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-2-p0-g','s2-2-p0','sis','0001-01-01',NULL,1793523659000000,'event-59',56,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-2-p1-g','s2-2-p1','sis','0001-01-01',NULL,1793523663000000,'event-63',61,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-2-p2-g','s2-2-p2','sis','0001-01-01',NULL,1793523667000000,'event-67',65,1,NULL);
INSERT INTO "guardianships" VALUES('s2','s2-2-p3-g','s2-2-p3','sis','0001-01-01',NULL,1793523671000000,'event-71',70,1,NULL);
CREATE TABLE hand_picks (
	organisation_id TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	pick TEXT, 
	PRIMARY KEY (organisation_id, chat_id, person_id, source, effective_on)
);
CREATE TABLE hearers (
	token TEXT NOT NULL, 
	hearer TEXT NOT NULL, 
	until INTEGER NOT NULL, 
	PRIMARY KEY (token)
);
CREATE TABLE holds (
	hold_no INTEGER NOT NULL, 
	organisation_id TEXT NOT NULL, 
	limit_hit TEXT NOT NULL, 
	persons INTEGER NOT NULL, 
	"plan" TEXT NOT NULL, 
	state TEXT DEFAULT 'held' NOT NULL, 
	made_at INTEGER NOT NULL, 
	expires_at INTEGER NOT NULL, 
	decided_by TEXT, 
	why TEXT, 
	PRIMARY KEY (hold_no)
);
CREATE TABLE homerooms (
	organisation_id TEXT NOT NULL, 
	class_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	employee_id TEXT, 
	PRIMARY KEY (organisation_id, class_id, source, effective_on)
);
INSERT INTO "homerooms" VALUES('s1','s1-1','sis','0001-01-01',NULL,1793523603000000,'event-3',24,'s1-t');
INSERT INTO "homerooms" VALUES('s1','s1-2','sis','0001-01-01',NULL,1793523620000000,'event-20',14,'s1-t');
INSERT INTO "homerooms" VALUES('s2','s2-1','sis','0001-01-01',NULL,1793523640000000,'event-40',36,'s2-t');
INSERT INTO "homerooms" VALUES('s2','s2-2','sis','0001-01-01',NULL,1793523657000000,'event-57',54,'s2-t');
CREATE TABLE inbox (
	no INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	id TEXT NOT NULL, 
	organisation_id TEXT, 
	type TEXT NOT NULL, 
	time INTEGER NOT NULL, 
	received_at INTEGER NOT NULL, 
	topic TEXT, 
	partition INTEGER, 
	"offset" INTEGER, 
	body TEXT NOT NULL, 
	outcome TEXT, 
	beaten_by INTEGER, 
	PRIMARY KEY (no), 
	CONSTRAINT uq_inbox_source_id UNIQUE (source, id)
);
INSERT INTO "inbox" VALUES(1,'sis','event-0','s1','school.organisation.registered.v1',1793523600000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-0","source":"sis","type":"school.organisation.registered.v1","time":"2026-11-01T09:00:00Z","data":{"organisation_id":"s1","name":"Школа s1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(2,'sis','event-1','s1','school.employee.hired.v1',1793523601000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-1","source":"sis","type":"school.employee.hired.v1","time":"2026-11-01T09:00:01Z","data":{"organisation_id":"s1","employee_id":"s1-t","position_type":"teaching_staff"}}','applied',NULL);
INSERT INTO "inbox" VALUES(3,'sis','event-10','s1','school.person.described.v1',1793523610000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-10","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:10Z","data":{"organisation_id":"s1","person_id":"s1-1-p1","last_name":"Иванова","first_name":"Анна 2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(4,'sis','event-11',NULL,'account.linked.v1',1793523611000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-11","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:11Z","data":{"person_id":"s1-1-p1","provider":"max","external_user_id":"2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(5,'sis','event-12','s1','school.student.enrolled.v1',1793523612000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-12","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:12Z","data":{"organisation_id":"s1","student_id":"s1-1-p2","class_id":"s1-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(6,'sis','event-13','s1','school.guardian.assigned.v1',1793523613000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-13","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:13Z","data":{"organisation_id":"s1","guardian_id":"s1-1-p2-g","student_id":"s1-1-p2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(7,'sis','event-14','s1','school.person.described.v1',1793523614000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-14","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:14Z","data":{"organisation_id":"s1","person_id":"s1-1-p2","last_name":"Иванова","first_name":"Анна 3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(8,'sis','event-15',NULL,'account.linked.v1',1793523615000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-15","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:15Z","data":{"person_id":"s1-1-p2","provider":"max","external_user_id":"3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(9,'sis','event-16','s1','school.student.enrolled.v1',1793523616000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-16","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:16Z","data":{"organisation_id":"s1","student_id":"s1-1-p3","class_id":"s1-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(10,'sis','event-17','s1','school.guardian.assigned.v1',1793523617000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-17","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:17Z","data":{"organisation_id":"s1","guardian_id":"s1-1-p3-g","student_id":"s1-1-p3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(11,'sis','event-18','s1','school.person.described.v1',1793523618000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-18","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:18Z","data":{"organisation_id":"s1","person_id":"s1-1-p3","last_name":"Иванова","first_name":"Анна 4"}}','applied',NULL);
INSERT INTO "inbox" VALUES(12,'sis','event-19',NULL,'account.linked.v1',1793523619000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-19","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:19Z","data":{"person_id":"s1-1-p3","provider":"max","external_user_id":"4"}}','applied',NULL);
INSERT INTO "inbox" VALUES(13,'sis','event-2','s1','school.organisation.chat_administrator_assigned.v1',1793523602000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-2","source":"sis","type":"school.organisation.chat_administrator_assigned.v1","time":"2026-11-01T09:00:02Z","data":{"organisation_id":"s1","employee_id":"s1-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(14,'sis','event-20','s1','school.class.opened.v1',1793523620000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-20","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:00:20Z","data":{"organisation_id":"s1","class_id":"s1-2","name":"s1-2","school_year":"2026/2027","homeroom_teacher_id":"s1-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(15,'sis','event-21','s1','school.student.enrolled.v1',1793523621000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-21","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:21Z","data":{"organisation_id":"s1","student_id":"s1-2-p0","class_id":"s1-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(16,'sis','event-22','s1','school.guardian.assigned.v1',1793523622000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-22","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:22Z","data":{"organisation_id":"s1","guardian_id":"s1-2-p0-g","student_id":"s1-2-p0"}}','applied',NULL);
INSERT INTO "inbox" VALUES(17,'sis','event-23','s1','school.person.described.v1',1793523623000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-23","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:23Z","data":{"organisation_id":"s1","person_id":"s1-2-p0","last_name":"Иванова","first_name":"Анна 5"}}','applied',NULL);
INSERT INTO "inbox" VALUES(18,'sis','event-24',NULL,'account.linked.v1',1793523624000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-24","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:24Z","data":{"person_id":"s1-2-p0","provider":"max","external_user_id":"5"}}','applied',NULL);
INSERT INTO "inbox" VALUES(19,'sis','event-25','s1','school.student.enrolled.v1',1793523625000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-25","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:25Z","data":{"organisation_id":"s1","student_id":"s1-2-p1","class_id":"s1-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(20,'sis','event-26','s1','school.guardian.assigned.v1',1793523626000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-26","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:26Z","data":{"organisation_id":"s1","guardian_id":"s1-2-p1-g","student_id":"s1-2-p1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(21,'sis','event-27','s1','school.person.described.v1',1793523627000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-27","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:27Z","data":{"organisation_id":"s1","person_id":"s1-2-p1","last_name":"Иванова","first_name":"Анна 6"}}','applied',NULL);
INSERT INTO "inbox" VALUES(22,'sis','event-28',NULL,'account.linked.v1',1793523628000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-28","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:28Z","data":{"person_id":"s1-2-p1","provider":"max","external_user_id":"6"}}','applied',NULL);
INSERT INTO "inbox" VALUES(23,'sis','event-29','s1','school.student.enrolled.v1',1793523629000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-29","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:29Z","data":{"organisation_id":"s1","student_id":"s1-2-p2","class_id":"s1-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(24,'sis','event-3','s1','school.class.opened.v1',1793523603000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-3","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:00:03Z","data":{"organisation_id":"s1","class_id":"s1-1","name":"s1-1","school_year":"2026/2027","homeroom_teacher_id":"s1-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(25,'sis','event-30','s1','school.guardian.assigned.v1',1793523630000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-30","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:30Z","data":{"organisation_id":"s1","guardian_id":"s1-2-p2-g","student_id":"s1-2-p2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(26,'sis','event-31','s1','school.person.described.v1',1793523631000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-31","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:31Z","data":{"organisation_id":"s1","person_id":"s1-2-p2","last_name":"Иванова","first_name":"Анна 7"}}','applied',NULL);
INSERT INTO "inbox" VALUES(27,'sis','event-32',NULL,'account.linked.v1',1793523632000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-32","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:32Z","data":{"person_id":"s1-2-p2","provider":"max","external_user_id":"7"}}','applied',NULL);
INSERT INTO "inbox" VALUES(28,'sis','event-33','s1','school.student.enrolled.v1',1793523633000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-33","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:33Z","data":{"organisation_id":"s1","student_id":"s1-2-p3","class_id":"s1-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(29,'sis','event-34','s1','school.guardian.assigned.v1',1793523634000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-34","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:34Z","data":{"organisation_id":"s1","guardian_id":"s1-2-p3-g","student_id":"s1-2-p3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(30,'sis','event-35','s1','school.person.described.v1',1793523635000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-35","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:35Z","data":{"organisation_id":"s1","person_id":"s1-2-p3","last_name":"Иванова","first_name":"Анна 8"}}','applied',NULL);
INSERT INTO "inbox" VALUES(31,'sis','event-36',NULL,'account.linked.v1',1793523636000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-36","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:36Z","data":{"person_id":"s1-2-p3","provider":"max","external_user_id":"8"}}','applied',NULL);
INSERT INTO "inbox" VALUES(32,'sis','event-37','s2','school.organisation.registered.v1',1793523637000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-37","source":"sis","type":"school.organisation.registered.v1","time":"2026-11-01T09:00:37Z","data":{"organisation_id":"s2","name":"Школа s2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(33,'sis','event-38','s2','school.employee.hired.v1',1793523638000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-38","source":"sis","type":"school.employee.hired.v1","time":"2026-11-01T09:00:38Z","data":{"organisation_id":"s2","employee_id":"s2-t","position_type":"teaching_staff"}}','applied',NULL);
INSERT INTO "inbox" VALUES(34,'sis','event-39','s2','school.organisation.chat_administrator_assigned.v1',1793523639000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-39","source":"sis","type":"school.organisation.chat_administrator_assigned.v1","time":"2026-11-01T09:00:39Z","data":{"organisation_id":"s2","employee_id":"s2-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(35,'sis','event-4','s1','school.student.enrolled.v1',1793523604000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-4","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:04Z","data":{"organisation_id":"s1","student_id":"s1-1-p0","class_id":"s1-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(36,'sis','event-40','s2','school.class.opened.v1',1793523640000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-40","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:00:40Z","data":{"organisation_id":"s2","class_id":"s2-1","name":"s2-1","school_year":"2026/2027","homeroom_teacher_id":"s2-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(37,'sis','event-41','s2','school.student.enrolled.v1',1793523641000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-41","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:41Z","data":{"organisation_id":"s2","student_id":"s2-1-p0","class_id":"s2-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(38,'sis','event-42','s2','school.guardian.assigned.v1',1793523642000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-42","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:42Z","data":{"organisation_id":"s2","guardian_id":"s2-1-p0-g","student_id":"s2-1-p0"}}','applied',NULL);
INSERT INTO "inbox" VALUES(39,'sis','event-43','s2','school.person.described.v1',1793523643000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-43","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:43Z","data":{"organisation_id":"s2","person_id":"s2-1-p0","last_name":"Иванова","first_name":"Анна 9"}}','applied',NULL);
INSERT INTO "inbox" VALUES(40,'sis','event-44',NULL,'account.linked.v1',1793523644000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-44","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:44Z","data":{"person_id":"s2-1-p0","provider":"max","external_user_id":"9"}}','applied',NULL);
INSERT INTO "inbox" VALUES(41,'sis','event-45','s2','school.student.enrolled.v1',1793523645000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-45","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:45Z","data":{"organisation_id":"s2","student_id":"s2-1-p1","class_id":"s2-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(42,'sis','event-46','s2','school.guardian.assigned.v1',1793523646000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-46","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:46Z","data":{"organisation_id":"s2","guardian_id":"s2-1-p1-g","student_id":"s2-1-p1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(43,'sis','event-47','s2','school.person.described.v1',1793523647000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-47","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:47Z","data":{"organisation_id":"s2","person_id":"s2-1-p1","last_name":"Иванова","first_name":"Анна 10"}}','applied',NULL);
INSERT INTO "inbox" VALUES(44,'sis','event-48',NULL,'account.linked.v1',1793523648000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-48","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:48Z","data":{"person_id":"s2-1-p1","provider":"max","external_user_id":"10"}}','applied',NULL);
INSERT INTO "inbox" VALUES(45,'sis','event-49','s2','school.student.enrolled.v1',1793523649000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-49","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:49Z","data":{"organisation_id":"s2","student_id":"s2-1-p2","class_id":"s2-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(46,'sis','event-5','s1','school.guardian.assigned.v1',1793523605000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-5","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:05Z","data":{"organisation_id":"s1","guardian_id":"s1-1-p0-g","student_id":"s1-1-p0"}}','applied',NULL);
INSERT INTO "inbox" VALUES(47,'sis','event-50','s2','school.guardian.assigned.v1',1793523650000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-50","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:50Z","data":{"organisation_id":"s2","guardian_id":"s2-1-p2-g","student_id":"s2-1-p2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(48,'sis','event-51','s2','school.person.described.v1',1793523651000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-51","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:51Z","data":{"organisation_id":"s2","person_id":"s2-1-p2","last_name":"Иванова","first_name":"Анна 11"}}','applied',NULL);
INSERT INTO "inbox" VALUES(49,'sis','event-52',NULL,'account.linked.v1',1793523652000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-52","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:52Z","data":{"person_id":"s2-1-p2","provider":"max","external_user_id":"11"}}','applied',NULL);
INSERT INTO "inbox" VALUES(50,'sis','event-53','s2','school.student.enrolled.v1',1793523653000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-53","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:53Z","data":{"organisation_id":"s2","student_id":"s2-1-p3","class_id":"s2-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(51,'sis','event-54','s2','school.guardian.assigned.v1',1793523654000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-54","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:54Z","data":{"organisation_id":"s2","guardian_id":"s2-1-p3-g","student_id":"s2-1-p3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(52,'sis','event-55','s2','school.person.described.v1',1793523655000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-55","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:55Z","data":{"organisation_id":"s2","person_id":"s2-1-p3","last_name":"Иванова","first_name":"Анна 12"}}','applied',NULL);
INSERT INTO "inbox" VALUES(53,'sis','event-56',NULL,'account.linked.v1',1793523656000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-56","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:56Z","data":{"person_id":"s2-1-p3","provider":"max","external_user_id":"12"}}','applied',NULL);
INSERT INTO "inbox" VALUES(54,'sis','event-57','s2','school.class.opened.v1',1793523657000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-57","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:00:57Z","data":{"organisation_id":"s2","class_id":"s2-2","name":"s2-2","school_year":"2026/2027","homeroom_teacher_id":"s2-t"}}','applied',NULL);
INSERT INTO "inbox" VALUES(55,'sis','event-58','s2','school.student.enrolled.v1',1793523658000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-58","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:58Z","data":{"organisation_id":"s2","student_id":"s2-2-p0","class_id":"s2-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(56,'sis','event-59','s2','school.guardian.assigned.v1',1793523659000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-59","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:59Z","data":{"organisation_id":"s2","guardian_id":"s2-2-p0-g","student_id":"s2-2-p0"}}','applied',NULL);
INSERT INTO "inbox" VALUES(57,'sis','event-6','s1','school.person.described.v1',1793523606000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-6","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:00:06Z","data":{"organisation_id":"s1","person_id":"s1-1-p0","last_name":"Иванова","first_name":"Анна 1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(58,'sis','event-60','s2','school.person.described.v1',1793523660000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-60","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:01:00Z","data":{"organisation_id":"s2","person_id":"s2-2-p0","last_name":"Иванова","first_name":"Анна 13"}}','applied',NULL);
INSERT INTO "inbox" VALUES(59,'sis','event-61',NULL,'account.linked.v1',1793523661000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-61","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:01Z","data":{"person_id":"s2-2-p0","provider":"max","external_user_id":"13"}}','applied',NULL);
INSERT INTO "inbox" VALUES(60,'sis','event-62','s2','school.student.enrolled.v1',1793523662000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-62","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:01:02Z","data":{"organisation_id":"s2","student_id":"s2-2-p1","class_id":"s2-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(61,'sis','event-63','s2','school.guardian.assigned.v1',1793523663000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-63","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:01:03Z","data":{"organisation_id":"s2","guardian_id":"s2-2-p1-g","student_id":"s2-2-p1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(62,'sis','event-64','s2','school.person.described.v1',1793523664000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-64","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:01:04Z","data":{"organisation_id":"s2","person_id":"s2-2-p1","last_name":"Иванова","first_name":"Анна 14"}}','applied',NULL);
INSERT INTO "inbox" VALUES(63,'sis','event-65',NULL,'account.linked.v1',1793523665000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-65","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:05Z","data":{"person_id":"s2-2-p1","provider":"max","external_user_id":"14"}}','applied',NULL);
INSERT INTO "inbox" VALUES(64,'sis','event-66','s2','school.student.enrolled.v1',1793523666000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-66","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:01:06Z","data":{"organisation_id":"s2","student_id":"s2-2-p2","class_id":"s2-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(65,'sis','event-67','s2','school.guardian.assigned.v1',1793523667000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-67","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:01:07Z","data":{"organisation_id":"s2","guardian_id":"s2-2-p2-g","student_id":"s2-2-p2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(66,'sis','event-68','s2','school.person.described.v1',1793523668000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-68","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:01:08Z","data":{"organisation_id":"s2","person_id":"s2-2-p2","last_name":"Иванова","first_name":"Анна 15"}}','applied',NULL);
INSERT INTO "inbox" VALUES(67,'sis','event-69',NULL,'account.linked.v1',1793523669000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-69","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:09Z","data":{"person_id":"s2-2-p2","provider":"max","external_user_id":"15"}}','applied',NULL);
INSERT INTO "inbox" VALUES(68,'sis','event-7',NULL,'account.linked.v1',1793523607000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-7","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:00:07Z","data":{"person_id":"s1-1-p0","provider":"max","external_user_id":"1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(69,'sis','event-70','s2','school.student.enrolled.v1',1793523670000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-70","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:01:10Z","data":{"organisation_id":"s2","student_id":"s2-2-p3","class_id":"s2-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(70,'sis','event-71','s2','school.guardian.assigned.v1',1793523671000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-71","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:01:11Z","data":{"organisation_id":"s2","guardian_id":"s2-2-p3-g","student_id":"s2-2-p3"}}','applied',NULL);
INSERT INTO "inbox" VALUES(71,'sis','event-72','s2','school.person.described.v1',1793523672000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-72","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:01:12Z","data":{"organisation_id":"s2","person_id":"s2-2-p3","last_name":"Иванова","first_name":"Анна 16"}}','applied',NULL);
INSERT INTO "inbox" VALUES(72,'sis','event-73',NULL,'account.linked.v1',1793523673000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-73","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:13Z","data":{"person_id":"s2-2-p3","provider":"max","external_user_id":"16"}}','applied',NULL);
INSERT INTO "inbox" VALUES(73,'sis','event-74',NULL,'account.linked.v1',1793523674000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-74","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:14Z","data":{"person_id":"s1-t","provider":"max","external_user_id":"50"}}','applied',NULL);
INSERT INTO "inbox" VALUES(74,'sis','event-75',NULL,'account.linked.v1',1793523675000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-75","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:15Z","data":{"person_id":"s2-t","provider":"max","external_user_id":"51"}}','applied',NULL);
INSERT INTO "inbox" VALUES(75,'sis','event-8','s1','school.student.enrolled.v1',1793523608000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-8","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:00:08Z","data":{"organisation_id":"s1","student_id":"s1-1-p1","class_id":"s1-1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(76,'sis','event-9','s1','school.guardian.assigned.v1',1793523609000000,1793610000000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-9","source":"sis","type":"school.guardian.assigned.v1","time":"2026-11-01T09:00:09Z","data":{"organisation_id":"s1","guardian_id":"s1-1-p1-g","student_id":"s1-1-p1"}}','applied',NULL);
INSERT INTO "inbox" VALUES(77,'sis','event-76','s1','school.student.expelled.v1',1793523676000000,1793610005200000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-76","source":"sis","type":"school.student.expelled.v1","time":"2026-11-01T09:01:16Z","data":{"organisation_id":"s1","student_id":"s1-1-p0"}}','applied',NULL);
INSERT INTO "inbox" VALUES(78,'sis','event-77','s1','school.student.transferred.v1',1793523677000000,1793610010200000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-77","source":"sis","type":"school.student.transferred.v1","time":"2026-11-01T09:01:17Z","data":{"organisation_id":"s1","student_id":"s1-1-p0","to_class_id":"s1-2"}}','applied',NULL);
INSERT INTO "inbox" VALUES(79,'sis','event-78','s2','school.employee.hired.v1',1793523678000000,1793610015400000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-78","source":"sis","type":"school.employee.hired.v1","time":"2026-11-01T09:01:18Z","data":{"organisation_id":"s2","employee_id":"w","position_type":"administration"}}','applied',NULL);
INSERT INTO "inbox" VALUES(80,'sis','event-79','s2','school.employee.dismissed.v1',1793523679000000,1793610015400000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-79","source":"sis","type":"school.employee.dismissed.v1","time":"2026-11-01T09:01:19Z","data":{"organisation_id":"s2","employee_id":"w","effective_on":"2026-12-02"}}','kept',NULL);
INSERT INTO "inbox" VALUES(81,'sis','event-80','s2','school.employee.position_changed.v1',1793523680000000,1793610015400000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-80","source":"sis","type":"school.employee.position_changed.v1","time":"2026-11-01T09:01:20Z","data":{"organisation_id":"s2","employee_id":"w","position_type":"teaching_staff"}}','applied',NULL);
INSERT INTO "inbox" VALUES(82,'sis','event-81','s1','school.class.opened.v1',1793523681000000,1793610015400000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-81","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:01:21Z","data":{"organisation_id":"s1","class_id":"5a","name":"5 А","school_year":"2026/2027"}}','applied',NULL);
INSERT INTO "inbox" VALUES(83,'sis','event-82','s1','school.student.enrolled.v1',1793523682000000,1793610020600000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-82","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:01:22Z","data":{"organisation_id":"s1","student_id":"s1-5a","class_id":"5a"}}','applied',NULL);
INSERT INTO "inbox" VALUES(84,'sis','event-83','s2','school.class.opened.v1',1793523683000000,1793610020600000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-83","source":"sis","type":"school.class.opened.v1","time":"2026-11-01T09:01:23Z","data":{"organisation_id":"s2","class_id":"5a","name":"5 А","school_year":"2026/2027"}}','applied',NULL);
INSERT INTO "inbox" VALUES(85,'sis','event-84','s2','school.student.enrolled.v1',1793523684000000,1793610025800000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-84","source":"sis","type":"school.student.enrolled.v1","time":"2026-11-01T09:01:24Z","data":{"organisation_id":"s2","student_id":"s2-5a","class_id":"5a"}}','applied',NULL);
INSERT INTO "inbox" VALUES(86,'sis','event-85',NULL,'account.linked.v1',1793523685000000,1793610025800000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-85","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:25Z","data":{"person_id":"s1-5a","provider":"max","external_user_id":"55"}}','applied',NULL);
INSERT INTO "inbox" VALUES(87,'sis','event-86',NULL,'account.linked.v1',1793523686000000,1793610025800000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-86","source":"sis","type":"account.linked.v1","time":"2026-11-01T09:01:26Z","data":{"person_id":"s2-5a","provider":"max","external_user_id":"56"}}','applied',NULL);
INSERT INTO "inbox" VALUES(88,'sis','event-87','s2','school.person.described.v1',1793523687000000,1793610031000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-87","source":"sis","type":"school.person.described.v1","time":"2026-11-01T09:01:27Z","data":{"organisation_id":"s2","person_id":"s1-1-p1","last_name":"Чужое","first_name":"Имя"}}','applied',NULL);
INSERT INTO "inbox" VALUES(89,'sis','event-88','s2','school.class.closed.v1',1793523688000000,1793610031000000,NULL,NULL,NULL,'{"specversion":"1.0","id":"event-88","source":"sis","type":"school.class.closed.v1","time":"2026-11-01T09:01:28Z","data":{"organisation_id":"s2","class_id":"s2-2"}}','applied',NULL);
CREATE TABLE offsets (
	topic TEXT NOT NULL, 
	partition INTEGER NOT NULL, 
	next INTEGER NOT NULL, 
	recent_bad TEXT DEFAULT '0' NOT NULL, 
	stopped_at INTEGER, 
	stopped_why TEXT, 
	PRIMARY KEY (topic, partition)
);
CREATE TABLE organisations (
	organisation_id TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	account TEXT DEFAULT '' NOT NULL, 
	time_zone TEXT NOT NULL, 
	day TEXT, 
	roll_at INTEGER, 
	last_turn INTEGER DEFAULT '0' NOT NULL, 
	stalled_error TEXT, 
	next_try_at INTEGER, 
	tries INTEGER DEFAULT '0' NOT NULL, reconcile_at INTEGER, 
	PRIMARY KEY (organisation_id)
);
INSERT INTO "organisations" VALUES('s1','max','','Europe/Moscow','2026-11-02',NULL,11,NULL,NULL,0,NULL);
INSERT INTO "organisations" VALUES('s2','max','','Europe/Moscow','2026-11-02',NULL,14,NULL,NULL,0,NULL);
CREATE TABLE person_names (
	person_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	last_name TEXT, 
	first_name TEXT, 
	middle_name TEXT, 
	PRIMARY KEY (person_id, source, effective_on)
);
INSERT INTO "person_names" VALUES('s1-1-p0','sis','0001-01-01',NULL,1793523606000000,'event-6',57,'Иванова','Анна 1',NULL);
INSERT INTO "person_names" VALUES('s1-1-p1','sis','0001-01-01',NULL,1793523687000000,'event-87',88,'Чужое','Имя',NULL);
INSERT INTO "person_names" VALUES('s1-1-p2','sis','0001-01-01',NULL,1793523614000000,'event-14',7,'Иванова','Анна 3',NULL);
INSERT INTO "person_names" VALUES('s1-1-p3','sis','0001-01-01',NULL,1793523618000000,'event-18',11,'Иванова','Анна 4',NULL);
INSERT INTO "person_names" VALUES('s1-2-p0','sis','0001-01-01',NULL,1793523623000000,'event-23',17,'Иванова','Анна 5',NULL);
INSERT INTO "person_names" VALUES('s1-2-p1','sis','0001-01-01',NULL,1793523627000000,'event-27',21,'Иванова','Анна 6',NULL);
INSERT INTO "person_names" VALUES('s1-2-p2','sis','0001-01-01',NULL,1793523631000000,'event-31',26,'Иванова','Анна 7',NULL);
INSERT INTO "person_names" VALUES('s1-2-p3','sis','0001-01-01',NULL,1793523635000000,'event-35',30,'Иванова','Анна 8',NULL);
INSERT INTO "person_names" VALUES('s2-1-p0','sis','0001-01-01',NULL,1793523643000000,'event-43',39,'Иванова','Анна 9',NULL);
INSERT INTO "person_names" VALUES('s2-1-p1','sis','0001-01-01',NULL,1793523647000000,'event-47',43,'Иванова','Анна 10',NULL);
INSERT INTO "person_names" VALUES('s2-1-p2','sis','0001-01-01',NULL,1793523651000000,'event-51',48,'Иванова','Анна 11',NULL);
INSERT INTO "person_names" VALUES('s2-1-p3','sis','0001-01-01',NULL,1793523655000000,'event-55',52,'Иванова','Анна 12',NULL);
INSERT INTO "person_names" VALUES('s2-2-p0','sis','0001-01-01',NULL,1793523660000000,'event-60',58,'Иванова','Анна 13',NULL);
INSERT INTO "person_names" VALUES('s2-2-p1','sis','0001-01-01',NULL,1793523664000000,'event-64',62,'Иванова','Анна 14',NULL);
INSERT INTO "person_names" VALUES('s2-2-p2','sis','0001-01-01',NULL,1793523668000000,'event-68',66,'Иванова','Анна 15',NULL);
INSERT INTO "person_names" VALUES('s2-2-p3','sis','0001-01-01',NULL,1793523672000000,'event-72',71,'Иванова','Анна 16',NULL);
CREATE TABLE persons (
	person_id TEXT NOT NULL, 
	PRIMARY KEY (person_id)
);
INSERT INTO "persons" VALUES('s1-1-p0');
INSERT INTO "persons" VALUES('s1-1-p0-g');
INSERT INTO "persons" VALUES('s1-1-p1');
INSERT INTO "persons" VALUES('s1-1-p1-g');
INSERT INTO "persons" VALUES('s1-1-p2');
INSERT INTO "persons" VALUES('s1-1-p2-g');
INSERT INTO "persons" VALUES('s1-1-p3');
INSERT INTO "persons" VALUES('s1-1-p3-g');
INSERT INTO "persons" VALUES('s1-2-p0');
INSERT INTO "persons" VALUES('s1-2-p0-g');
INSERT INTO "persons" VALUES('s1-2-p1');
INSERT INTO "persons" VALUES('s1-2-p1-g');
INSERT INTO "persons" VALUES('s1-2-p2');
INSERT INTO "persons" VALUES('s1-2-p2-g');
INSERT INTO "persons" VALUES('s1-2-p3');
INSERT INTO "persons" VALUES('s1-2-p3-g');
INSERT INTO "persons" VALUES('s1-t');
INSERT INTO "persons" VALUES('s2-1-p0');
INSERT INTO "persons" VALUES('s2-1-p0-g');
INSERT INTO "persons" VALUES('s2-1-p1');
INSERT INTO "persons" VALUES('s2-1-p1-g');
INSERT INTO "persons" VALUES('s2-1-p2');
INSERT INTO "persons" VALUES('s2-1-p2-g');
INSERT INTO "persons" VALUES('s2-1-p3');
INSERT INTO "persons" VALUES('s2-1-p3-g');
INSERT INTO "persons" VALUES('s2-2-p0');
INSERT INTO "persons" VALUES('s2-2-p0-g');
INSERT INTO "persons" VALUES('s2-2-p1');
INSERT INTO "persons" VALUES('s2-2-p1-g');
INSERT INTO "persons" VALUES('s2-2-p2');
INSERT INTO "persons" VALUES('s2-2-p2-g');
INSERT INTO "persons" VALUES('s2-2-p3');
INSERT INTO "persons" VALUES('s2-2-p3-g');
INSERT INTO "persons" VALUES('s2-t');
INSERT INTO "persons" VALUES('w');
INSERT INTO "persons" VALUES('s1-5a');
INSERT INTO "persons" VALUES('s2-5a');
CREATE TABLE places (
	organisation_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	room_no INTEGER NOT NULL, 
	account TEXT NOT NULL, 
	wanted TEXT DEFAULT 'out' NOT NULL, 
	reasons TEXT DEFAULT '[]' NOT NULL, 
	cause_no INTEGER DEFAULT '0' NOT NULL, 
	wanted_at INTEGER, 
	leaving BOOLEAN DEFAULT false NOT NULL, 
	hold_no INTEGER, 
	observed TEXT DEFAULT 'out' NOT NULL, 
	refused_code TEXT, 
	refused_for TEXT, 
	left_at INTEGER, 
	answer_no INTEGER, 
	PRIMARY KEY (organisation_id, person_id, room_no, account)
);
INSERT INTO "places" VALUES('s1','s1-1-p1',1,'2','member','[["studies_in","member",75,1793610000000000]]',75,1793610000000000,0,NULL,'member',NULL,NULL,NULL,11);
INSERT INTO "places" VALUES('s1','s1-1-p1-g',5,'','member','[["guardian_of:s1-1-p1","member",76,1793610000000000]]',76,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-1-p2',1,'3','member','[["studies_in","member",5,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,11);
INSERT INTO "places" VALUES('s1','s1-1-p2-g',5,'','member','[["guardian_of:s1-1-p2","member",6,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-1-p3',1,'4','member','[["studies_in","member",9,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,11);
INSERT INTO "places" VALUES('s1','s1-1-p3-g',5,'','member','[["guardian_of:s1-1-p3","member",10,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-2-p0',2,'5','member','[["studies_in","member",15,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,13);
INSERT INTO "places" VALUES('s1','s1-2-p0-g',6,'','member','[["guardian_of:s1-2-p0","member",16,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-2-p1',2,'6','member','[["studies_in","member",19,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,13);
INSERT INTO "places" VALUES('s1','s1-2-p1-g',6,'','member','[["guardian_of:s1-2-p1","member",20,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-2-p2',2,'7','member','[["studies_in","member",23,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,13);
INSERT INTO "places" VALUES('s1','s1-2-p2-g',6,'','member','[["guardian_of:s1-2-p2","member",25,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-2-p3',2,'8','member','[["studies_in","member",28,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,13);
INSERT INTO "places" VALUES('s1','s1-2-p3-g',6,'','member','[["guardian_of:s1-2-p3","member",29,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s1','s1-t',1,'50','admin','[["chat_administrator","admin",13,1793610000000000],["homeroom","admin",24,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,21);
INSERT INTO "places" VALUES('s1','s1-t',2,'50','admin','[["chat_administrator","admin",13,1793610000000000],["homeroom","admin",14,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,23);
INSERT INTO "places" VALUES('s1','s1-t',5,'50','admin','[["chat_administrator","admin",13,1793610000000000],["homeroom","admin",24,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,25);
INSERT INTO "places" VALUES('s1','s1-t',6,'50','admin','[["chat_administrator","admin",13,1793610000000000],["homeroom","admin",14,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,27);
INSERT INTO "places" VALUES('s1','s1-t',9,'50','admin','[["chat_administrator","admin",13,1793610000000000],["employed","member",2,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,29);
INSERT INTO "places" VALUES('s2','s2-1-p0',3,'9','member','[["studies_in","member",37,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,12);
INSERT INTO "places" VALUES('s2','s2-1-p0-g',7,'','member','[["guardian_of:s2-1-p0","member",38,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','s2-1-p1',3,'10','member','[["studies_in","member",41,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,12);
INSERT INTO "places" VALUES('s2','s2-1-p1-g',7,'','member','[["guardian_of:s2-1-p1","member",42,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','s2-1-p2',3,'11','member','[["studies_in","member",45,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,12);
INSERT INTO "places" VALUES('s2','s2-1-p2-g',7,'','member','[["guardian_of:s2-1-p2","member",47,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','s2-1-p3',3,'12','member','[["studies_in","member",50,1793610000000000]]',74,1793610000000000,0,NULL,'member',NULL,NULL,NULL,12);
INSERT INTO "places" VALUES('s2','s2-1-p3-g',7,'','member','[["guardian_of:s2-1-p3","member",51,1793610000000000]]',74,1793610000000000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','s2-t',3,'51','admin','[["chat_administrator","admin",34,1793610000000000],["homeroom","admin",36,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,22);
INSERT INTO "places" VALUES('s2','s2-t',4,'51','admin','[["chat_administrator","admin",34,1793610000000000],["homeroom","admin",54,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,24);
INSERT INTO "places" VALUES('s2','s2-t',7,'51','admin','[["chat_administrator","admin",34,1793610000000000],["homeroom","admin",36,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,26);
INSERT INTO "places" VALUES('s2','s2-t',8,'51','admin','[["chat_administrator","admin",34,1793610000000000],["homeroom","admin",54,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,28);
INSERT INTO "places" VALUES('s2','s2-t',10,'51','admin','[["chat_administrator","admin",34,1793610000000000],["employed","member",33,1793610000000000]]',74,1793610000000000,0,NULL,'admin',NULL,NULL,NULL,30);
INSERT INTO "places" VALUES('s1','s1-1-p0',2,'1','member','[["studies_in","member",78,1793610010200000]]',78,1793610010200000,0,NULL,'member',NULL,NULL,NULL,32);
INSERT INTO "places" VALUES('s1','s1-1-p0-g',6,'','member','[["guardian_of:s1-1-p0","member",46,1793610010200000]]',78,1793610010200000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','w',10,'','member','[["employed","member",81,1793610015400000]]',79,1793610015400000,0,NULL,'out',NULL,NULL,NULL,NULL);
INSERT INTO "places" VALUES('s2','s2-t',13,'51','admin','[["chat_administrator","admin",34,1793610020600000]]',84,1793610020600000,0,NULL,'admin',NULL,NULL,NULL,47);
INSERT INTO "places" VALUES('s2','s2-t',14,'51','admin','[["chat_administrator","admin",34,1793610020600000]]',84,1793610020600000,0,NULL,'admin',NULL,NULL,NULL,48);
INSERT INTO "places" VALUES('s2','s2-5a',13,'56','member','[["studies_in","member",85,1793610025800000]]',87,1793610025800000,0,NULL,'member',NULL,NULL,NULL,49);
CREATE TABLE platform_tokens (
	token TEXT NOT NULL, 
	last_turn INTEGER DEFAULT '0' NOT NULL, 
	paused_until INTEGER, 
	PRIMARY KEY (token)
);
INSERT INTO "platform_tokens" VALUES('max',13,NULL);
CREATE TABLE rate_slots (
	token TEXT NOT NULL, 
	slot INTEGER NOT NULL, 
	free_at INTEGER, 
	PRIMARY KEY (token, slot)
);
CREATE TABLE read_backs (
	room_no INTEGER NOT NULL, 
	account TEXT NOT NULL, 
	person_id TEXT DEFAULT '' NOT NULL, 
	why TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	PRIMARY KEY (room_no, account)
);
CREATE TABLE registrations (
	organisation_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	effective_on TEXT NOT NULL, 
	sequence TEXT, 
	time INTEGER NOT NULL, 
	event_id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	name TEXT, 
	time_zone TEXT, 
	sis TEXT, 
	PRIMARY KEY (organisation_id, source, effective_on)
);
INSERT INTO "registrations" VALUES('s1','sis','0001-01-01',NULL,1793523600000000,'event-0',1,'Школа s1','Europe/Moscow',NULL);
INSERT INTO "registrations" VALUES('s2','sis','0001-01-01',NULL,1793523637000000,'event-37',32,'Школа s2','Europe/Moscow',NULL);
CREATE TABLE removals (
	organisation_id TEXT NOT NULL, 
	room_no INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	PRIMARY KEY (organisation_id, room_no, person_id)
);
INSERT INTO "removals" VALUES('s1',1,'s1-1-p0',1793610005200000);
CREATE TABLE rooms (
	room_no INTEGER NOT NULL, 
	organisation_id TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	life INTEGER NOT NULL, 
	platform_token TEXT NOT NULL, 
	nonce TEXT NOT NULL, 
	external_chat_id TEXT, 
	wanted_title TEXT NOT NULL, 
	observed_title TEXT, 
	wanted_life TEXT DEFAULT 'open' NOT NULL, 
	observed_life TEXT DEFAULT 'none' NOT NULL, 
	due_at INTEGER, 
	grade INTEGER DEFAULT '2' NOT NULL, 
	turn INTEGER DEFAULT '0' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	lease_until INTEGER, 
	lease_no INTEGER DEFAULT '0' NOT NULL, 
	in_flight TEXT, 
	to_list BOOLEAN DEFAULT false NOT NULL, invite_link TEXT, 
	PRIMARY KEY (room_no), 
	CONSTRAINT uq_rooms_chat_id_life UNIQUE (chat_id, life), 
	CONSTRAINT uq_rooms_platform_token_external_chat_id UNIQUE (platform_token, external_chat_id)
);
INSERT INTO "rooms" VALUES(1,'s1','class:s1-1',1,'max','u1c5QvBrYsKfCY4w','-1','s1-1','s1-1','open','open',NULL,1,6,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(2,'s1','class:s1-2',1,'max','IfcT6tnCNv-Vzfwn','-3','s1-2','s1-2','open','open',NULL,1,7,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(3,'s2','class:s2-1',1,'max','UWBMGcxoRINNIWNg','-2','s2-1','s2-1','open','open',NULL,1,1,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(4,'s2','class:s2-2',1,'max','96lG00qu4uwfxqXO','-4','s2-2','s2-2','archived','archived',NULL,1,13,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(5,'s1','parents:s1-1',1,'max','IYxu4NRs24CDfhEc','-5','s1-1 Родители','s1-1 Родители','open','open',NULL,1,3,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(6,'s1','parents:s1-2',1,'max','mq_h9dRoc2zTwwZp','-7','s1-2 Родители','s1-2 Родители','open','open',NULL,1,4,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(7,'s2','parents:s2-1',1,'max','Xiu2s4sO8JTD4SpM','-6','s2-1 Родители','s2-1 Родители','open','open',NULL,1,3,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(8,'s2','parents:s2-2',1,'max','mYK09q59EYk1CIt9','-8','s2-2 Родители','s2-2 Родители','archived','archived',NULL,1,14,0,NULL,3,NULL,0,NULL);
INSERT INTO "rooms" VALUES(9,'s1','staff:s1',1,'max','v1k00eNaZbBk2pbD','-9','Учительская','Учительская','open','open',NULL,1,5,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(10,'s2','staff:s2',1,'max','EAabNUjAvYtFfDdk','-10','Учительская','Учительская','open','open',NULL,1,5,0,NULL,2,NULL,0,NULL);
INSERT INTO "rooms" VALUES(11,'s1','class:5a',1,'max','SD68-Gns1xs1Ex-0','-11','5 А','5 А','archived','archived',NULL,1,10,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(12,'s1','parents:5a',1,'max','HMy0kfCRCZifqT8n','-12','5 А Родители','5 А Родители','archived','archived',NULL,1,11,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(13,'s2','class:5a',2,'max','WkoaTR7pqXQByVR5','-13','5 А','5 А','open','open',NULL,1,12,0,NULL,4,NULL,0,NULL);
INSERT INTO "rooms" VALUES(14,'s2','parents:5a',2,'max','N13OADPTXHkUD5IQ','-14','5 А Родители','5 А Родители','open','open',NULL,1,11,0,NULL,2,NULL,0,NULL);
CREATE TABLE school_years (
	organisation_id TEXT NOT NULL, 
	student_id TEXT NOT NULL, 
	school_year TEXT NOT NULL, 
	enrolment_no INTEGER NOT NULL, 
	noticed_on TEXT, 
	closed_at INTEGER, 
	PRIMARY KEY (organisation_id, student_id)
);
INSERT INTO "school_years" VALUES('s1','s1-1-p0','2026/2027',78,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-1-p1','2026/2027',75,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-1-p2','2026/2027',5,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-1-p3','2026/2027',9,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-2-p0','2026/2027',15,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-2-p1','2026/2027',19,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-2-p2','2026/2027',23,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-2-p3','2026/2027',28,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-1-p0','2026/2027',37,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-1-p1','2026/2027',41,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-1-p2','2026/2027',45,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-1-p3','2026/2027',50,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-2-p0','2026/2027',55,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-2-p1','2026/2027',60,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-2-p2','2026/2027',64,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-2-p3','2026/2027',69,NULL,NULL);
INSERT INTO "school_years" VALUES('s1','s1-5a','2026/2027',83,NULL,NULL);
INSERT INTO "school_years" VALUES('s2','s2-5a','2026/2027',85,NULL,NULL);
CREATE TABLE strangers (
	room_no INTEGER NOT NULL, 
	account TEXT NOT NULL, 
	seen_at INTEGER NOT NULL, 
	PRIMARY KEY (room_no, account)
);
CREATE TABLE ties (
	organisation_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	PRIMARY KEY (organisation_id, person_id)
);
INSERT INTO "ties" VALUES('s1','s1-1-p0');
INSERT INTO "ties" VALUES('s1','s1-1-p0-g');
INSERT INTO "ties" VALUES('s1','s1-1-p1');
INSERT INTO "ties" VALUES('s1','s1-1-p1-g');
INSERT INTO "ties" VALUES('s1','s1-1-p2');
INSERT INTO "ties" VALUES('s1','s1-1-p2-g');
INSERT INTO "ties" VALUES('s1','s1-1-p3');
INSERT INTO "ties" VALUES('s1','s1-1-p3-g');
INSERT INTO "ties" VALUES('s1','s1-2-p0');
INSERT INTO "ties" VALUES('s1','s1-2-p0-g');
INSERT INTO "ties" VALUES('s1','s1-2-p1');
INSERT INTO "ties" VALUES('s1','s1-2-p1-g');
INSERT INTO "ties" VALUES('s1','s1-2-p2');
INSERT INTO "ties" VALUES('s1','s1-2-p2-g');
INSERT INTO "ties" VALUES('s1','s1-2-p3');
INSERT INTO "ties" VALUES('s1','s1-2-p3-g');
INSERT INTO "ties" VALUES('s1','s1-t');
INSERT INTO "ties" VALUES('s2','s2-1-p0');
INSERT INTO "ties" VALUES('s2','s2-1-p0-g');
INSERT INTO "ties" VALUES('s2','s2-1-p1');
INSERT INTO "ties" VALUES('s2','s2-1-p1-g');
INSERT INTO "ties" VALUES('s2','s2-1-p2');
INSERT INTO "ties" VALUES('s2','s2-1-p2-g');
INSERT INTO "ties" VALUES('s2','s2-1-p3');
INSERT INTO "ties" VALUES('s2','s2-1-p3-g');
INSERT INTO "ties" VALUES('s2','s2-2-p0');
INSERT INTO "ties" VALUES('s2','s2-2-p0-g');
INSERT INTO "ties" VALUES('s2','s2-2-p1');
INSERT INTO "ties" VALUES('s2','s2-2-p1-g');
INSERT INTO "ties" VALUES('s2','s2-2-p2');
INSERT INTO "ties" VALUES('s2','s2-2-p2-g');
INSERT INTO "ties" VALUES('s2','s2-2-p3');
INSERT INTO "ties" VALUES('s2','s2-2-p3-g');
INSERT INTO "ties" VALUES('s2','s2-t');
INSERT INTO "ties" VALUES('s2','w');
INSERT INTO "ties" VALUES('s1','s1-5a');
INSERT INTO "ties" VALUES('s2','s2-5a');
INSERT INTO "ties" VALUES('s2','s1-1-p1');
CREATE TABLE touched (
	organisation_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	event_no INTEGER NOT NULL, 
	by_event BOOLEAN NOT NULL, 
	at INTEGER NOT NULL, 
	PRIMARY KEY (organisation_id, kind, id)
);
CREATE TABLE update_markers (
	token TEXT NOT NULL, 
	marker TEXT NOT NULL, 
	PRIMARY KEY (token)
);
CREATE TABLE updates_heard (
	"key" TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE INDEX ix_account_words_external_user_id ON account_words (provider, external_user_id);
CREATE INDEX ix_blocks_effective_on ON blocks (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_calls_room_no ON calls (room_no);
CREATE INDEX ix_changes_person_id ON changes (organisation_id, person_id);
CREATE INDEX ix_changes_unpublished ON changes (change_no);
CREATE INDEX ix_chat_administrators_effective_on ON chat_administrators (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_chat_names_effective_on ON chat_names (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_chat_states_effective_on ON chat_states (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_chat_states_group_id ON chat_states (organisation_id, group_id);
CREATE INDEX ix_claims_organisation_id ON claims (organisation_id);
CREATE INDEX ix_class_names_effective_on ON class_names (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_class_states_effective_on ON class_states (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_class_years_effective_on ON class_years (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_denials_effective_on ON denials (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_denials_student_id ON denials (organisation_id, student_id);
CREATE INDEX ix_employments_effective_on ON employments (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_enrolments_class_id ON enrolments (organisation_id, class_id);
CREATE INDEX ix_enrolments_effective_on ON enrolments (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_group_mentions_group_id ON group_mentions (organisation_id, group_id);
CREATE INDEX ix_group_rosters_effective_on ON group_rosters (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_group_states_class_id ON group_states (organisation_id, class_id);
CREATE INDEX ix_group_states_effective_on ON group_states (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_group_teachers_effective_on ON group_teachers (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_group_teachers_employee_id ON group_teachers (organisation_id, employee_id);
CREATE INDEX ix_guardianships_effective_on ON guardianships (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_guardianships_student_id ON guardianships (organisation_id, student_id);
CREATE INDEX ix_hand_picks_effective_on ON hand_picks (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_hand_picks_person_id ON hand_picks (organisation_id, person_id);
CREATE INDEX ix_homerooms_effective_on ON homerooms (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_homerooms_employee_id ON homerooms (organisation_id, employee_id);
CREATE INDEX ix_inbox_organisation_id ON inbox (organisation_id, no);
CREATE INDEX ix_organisations_roll_at ON organisations (roll_at);
CREATE INDEX ix_places_held ON places (room_no) WHERE hold_no IS NOT NULL;
CREATE INDEX ix_places_outbox ON places (room_no) WHERE wanted <> observed AND account <> '' AND hold_no IS NULL AND refused_for IS DISTINCT FROM wanted;
CREATE INDEX ix_places_refused ON places (room_no) WHERE refused_for IS NOT NULL;
CREATE INDEX ix_places_room_no ON places (room_no);
CREATE INDEX ix_places_waiting ON places (organisation_id) WHERE account = '';
CREATE INDEX ix_registrations_effective_on ON registrations (organisation_id, effective_on) WHERE effective_on > '0001-01-01';
CREATE INDEX ix_rooms_due ON rooms (grade, turn);
CREATE INDEX ix_rooms_first_due ON rooms (organisation_id, grade);
CREATE INDEX ix_rooms_organisation_id ON rooms (organisation_id);
CREATE INDEX ix_ties_person_id ON ties (person_id);
CREATE INDEX ix_adoption_claims_next_at ON adoption_claims (next_at);
CREATE INDEX ix_updates_heard_at ON updates_heard (at);
CREATE INDEX ix_dead_letters_unpublished ON dead_letters (no);
CREATE INDEX ix_dead_letters_waiting ON dead_letters (no);
CREATE INDEX ix_organisations_reconcile_at ON organisations (reconcile_at);
COMMIT;
