ALTER TABLE `events` ADD `joins` integer;--> statement-breakpoint
ALTER TABLE `turns` ADD `inputs` text;