CREATE TABLE `parked_chats` (
	`platform` text NOT NULL,
	`chat_id` text NOT NULL,
	`reason` text NOT NULL,
	`since_ms` integer NOT NULL,
	`retry_at_ms` integer NOT NULL,
	PRIMARY KEY(`platform`, `chat_id`)
);
--> statement-breakpoint
CREATE TABLE `questions` (
	`turn_id` text NOT NULL,
	`key` text NOT NULL,
	`question` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`answer` text,
	PRIMARY KEY(`turn_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `transcripts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`turn_id` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `transcripts_of_session` ON `transcripts` (`session_id`,`id`);--> statement-breakpoint
ALTER TABLE `events` ADD `reply_id` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `last_turn_id` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `cut_off_turn_id` text;--> statement-breakpoint
ALTER TABLE `turns` ADD `tools` text;--> statement-breakpoint
ALTER TABLE `turns` ADD `step` integer;--> statement-breakpoint
ALTER TABLE `turns` ADD `checkpoint` text;--> statement-breakpoint
ALTER TABLE `turns` ADD `said` text;