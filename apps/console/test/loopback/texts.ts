/** An answer with everything Markdown has. */
export const richAnswer = `Yes. The slow part is the \`JOIN\` without an index: SQLite reads all of \`events\` for each row of \`sessions\`.

## What the plan says

| Step | Rows read | Time | Index used |
|:-----|----------:|-----:|:-----------|
| Scan \`sessions\` | 1 204 | 0.8 ms | \`sessions_by_update\` |
| Scan \`events\` | 3 981 220 | 2 410 ms | none |
| Sort | 50 | 0.1 ms | none |

Add one index and the scan becomes a lookup:

\`\`\`sql
-- Covers the join and the order, so the table itself is not touched.
CREATE INDEX events_by_session
    ON events (session_id, created_at DESC)
 WHERE state <> 'refused';
\`\`\`

And the query can then say what it means:

\`\`\`typescript
export async function recentEvents(store: Store, limit = 50): Promise<readonly Event[]> {
  const rows = await store.all(statements.recentEvents, { limit });
  return rows.map(readEvent); // checked, since the file may be of another version
}
\`\`\`

> An index is not free: each insert writes it too. With 40 inserts a second this costs about 2 % here.

What I would do, in this order:

1. Create the index in a migration of its own.
2. Run \`ANALYZE\` once, so that the planner knows of it.
3. Look at the numbers again **after a day**.

- [x] Plan read
- [x] Index tried on a copy
- [ ] Migration written

More about this is in the [documentation of SQLite](https://www.sqlite.org/queryplanner.html).`;

export const shortAnswer = "It is on the calendar: **Thursday, 14:30**, with a reminder an hour before.";

export const chineseAnswer = `可以。下面是一个简单的安排：

1. **上午**：整理需求，确认范围；
2. **下午**：完成接口与测试；
3. **傍晚**：部署到测试环境，记录问题。

\`\`\`python
def greet(name: str) -> str:
    """返回问候语。"""
    return f"你好，{name}！"
\`\`\`

如果需要，我可以把它写成日历事件。`;

/** Answers that are longer than a screen. */
export const longAnswer = Array.from(
  { length: 12 },
  (_, index) =>
    `### Part ${index + 1}\n\n${"A paragraph that goes on for a while, so that the page has something to scroll through. ".repeat(4).trim()}`,
).join("\n\n");
