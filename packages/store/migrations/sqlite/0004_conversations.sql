ALTER TABLE `entries` ADD `event_id` text;--> statement-breakpoint
ALTER TABLE `turns` ADD `steps` text;--> statement-breakpoint
CREATE INDEX `turns_of_session` ON `turns` (`session_key`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_of_key` ON `sessions` (`key`,`id`);