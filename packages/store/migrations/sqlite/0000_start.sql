CREATE TABLE `entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`turn_id` text NOT NULL,
	`role` text NOT NULL,
	`text` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `entries_of_session` ON `entries` (`session_id`,`id`);--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`platform` text NOT NULL,
	`event_id` text NOT NULL,
	`verdict` text NOT NULL,
	`rule` text NOT NULL,
	`at_ms` integer NOT NULL,
	`session_key` text,
	`work` text,
	`state` text NOT NULL,
	`body` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_identity` ON `events` (`platform`,`event_id`);--> statement-breakpoint
CREATE INDEX `events_waiting` ON `events` (`session_key`,`work`,`seq`) WHERE state = 'waiting';--> statement-breakpoint
CREATE TABLE `grants` (
	`platform` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`granted_at_ms` integer NOT NULL,
	PRIMARY KEY(`platform`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `memory` (
	`platform` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`expires_at_ms` integer,
	PRIMARY KEY(`platform`, `key`)
);
--> statement-breakpoint
CREATE INDEX `memory_expiring` ON `memory` (`expires_at_ms`) WHERE expires_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `parts` (
	`turn_id` text NOT NULL,
	`idx` integer NOT NULL,
	`state` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`turn_id`, `idx`)
);
--> statement-breakpoint
CREATE INDEX `parts_pending` ON `parts` (`turn_id`) WHERE state IN ('open', 'closed');--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`title` text,
	`chat` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`ended_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_current` ON `sessions` (`key`) WHERE ended_at_ms IS NULL;--> statement-breakpoint
CREATE INDEX `sessions_recent` ON `sessions` (`updated_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `turns` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`session_key` text NOT NULL,
	`session_id` text,
	`seq` integer,
	`chat` text,
	`origin` text,
	`entry_id` integer,
	`state` text NOT NULL,
	`tools_once` text,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `turns_running` ON `turns` (`id`) WHERE state = 'running';