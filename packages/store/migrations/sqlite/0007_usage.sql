CREATE TABLE `usages` (
	`turn_id` text NOT NULL,
	`model` text NOT NULL,
	`session_id` text NOT NULL,
	`session_key` text NOT NULL,
	`person` text NOT NULL,
	`at_ms` integer NOT NULL,
	`calls` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cached_input_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`cost_usd` real NOT NULL,
	`unpriced_calls` integer NOT NULL,
	PRIMARY KEY(`turn_id`, `model`)
);
--> statement-breakpoint
CREATE INDEX `usages_of_session` ON `usages` (`session_id`);--> statement-breakpoint
CREATE INDEX `usages_of_person` ON `usages` (`person`,`at_ms`);--> statement-breakpoint
CREATE INDEX `usages_by_age` ON `usages` (`at_ms`);