-- Full text over what was said. Filled by the store's maintenance, off the way of messages. The trigram tokenizer finds parts of words and Chinese.
CREATE VIRTUAL TABLE `entries_search` USING fts5(`text`, content='entries', content_rowid='id', tokenize='trigram');--> statement-breakpoint
INSERT INTO `meta` (`key`, `value`) VALUES ('fence', 0), ('indexed_entry', 0);
