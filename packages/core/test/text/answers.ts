/** Answers as models write them, in several languages, with what makes splitting hard. */
export const answers: Readonly<Record<string, string>> = {
  comparison: [
    "Here is how the three databases compare:\n",
    "| Feature | SQLite | PostgreSQL | MySQL |",
    "|:--------|:------:|-----------:|-------|",
    ...["Setup", "Concurrency", "Full-text search", "JSON", "Replication", "Licence", "Best for"].map(
      (name, index) => `| **${name}** | ${index} file \`db.sqlite\` | MVCC, ${index * 7} workers | row locks, a\\|b ${index} |`,
    ),
    "\n**In short:** start with SQLite. It is *enough* for most programs.",
  ].join("\n"),
  tutorial: [
    "# Installing the tool\n\nFirst, install it:\n",
    "```bash\nnpm install --save-dev example-tool\nnpx example-tool init --yes\n```\n",
    "Then configure it in `example.config.ts`:\n",
    '```ts\nexport default {\n  input: "src/index.ts",\n  plugins: [\n    // runs first\n    typescript({ strict: true }),\n  ],\n};\n```\n',
    "1. Run the build.\n2. Check the output:\n   - `dist/index.js`\n   - `dist/index.d.ts`\n     - with declarations\n3. Publish it.\n\n> **Note:** never publish secrets.",
  ].join("\n"),
  nested: Array.from(
    { length: 6 },
    (_, index) =>
      `- Point ${index} of the plan\n  - A detail of it, explained in a sentence\n    - And a detail of the detail\n      - deeper still`,
  ).join("\n"),
  math: "The roots of $ax^2 + bx + c = 0$ are\n\n$$\nx = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$\n\nso for $a = 1$ it costs $5 and not $6. With \\(n > 2\\) there is\n\n\\[\n\\sum_{i=0}^{n} i = \\frac{n(n+1)}{2}\n\\]\n\nwhich was to be shown.",
  chinese:
    "## 总结\n\n人工智能的发展可以分为三个阶段。第一阶段是符号主义，第二阶段是连接主义；第三阶段则是大模型时代！\n\n| 阶段 | 时间 | 代表 |\n|---|---|---|\n| 符号主义 | 1956–1980 | 专家系统，知识库 |\n| 连接主义 | 1980–2012 | 神经网络 |\n| 大模型 | 2017– | 变换器（Transformer） |\n\n- 优点：**通用性强**，可以处理多种任务。\n- 缺点：成本高，`推理`速度慢。",
  japanese:
    "まず、設定ファイルを開いてください。次に`port`を変更します。\n\n1. 保存する\n2. 再起動する\n\n```yaml\nserver:\n  port: 8642 # 既定値\n```\n\n以上です。ご質問があればどうぞ！",
  arabic:
    "# ملخص\n\nهذا جدول بالأسعار الحالية، مع ملاحظة أن الأسعار قد تتغير.\n\n| المنتج | السعر |\n|---|---:|\n| تفاح | ١٢ |\n| برتقال أحمر | 7 |\n| موز | 3.5 |\n\n- أولاً: اقرأ **التعليمات**.\n- ثانياً: شغّل `npm start`.",
  hebrew:
    "שלום! הנה שלושה דברים שכדאי לדעת:\n\n1. **ראשית**, בדקו את הגרסה.\n2. שנית, הריצו `git status`.\n3. לבסוף, קראו את [המדריך](https://example.com/he/guide?x=1).\n\n> ציטוט חשוב מאוד, ארוך מספיק כדי שיהיה צריך לחתוך אותו באמצע אם אין מקום.",
  emoji:
    "🎉 **Great news!** 👩‍👩‍👧‍👦 The family plan is here 🇩🇪🇫🇷🇯🇵\n\n| Plan | Price 💶 | Rating |\n|:--|--:|:-:|\n| Solo 🧍 | 3 | ⭐️⭐️ |\n| Family 👨‍👩‍👧 | 9 | ⭐️⭐️⭐️⭐️ |\n| Team 👩🏽‍💻 | 29 | ⭐️⭐️⭐️ |\n\n- ✅ done\n- ❌ not done\n- [ ] 🔜 to do",
  quotes:
    "> The first rule of the house is that nobody gets in who was not let in, and nobody is asked twice.\n> The second rule is that nothing is lost.\n>\n> > And somebody answered: what about a power cut?\n>\n> Then the disk remembers.\n\nThat is the whole of it.",
  germanLetter:
    "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Anfrage vom 3. Mai. Die Überprüfung der Rechnung ergab, daß der Betrag von 1.234,56 € bereits am 12. April überwiesen wurde. Bitte entnehmen Sie die Einzelheiten der folgenden Aufstellung:\n\n* Grundgebühr: 1.000,00 €\n* Mehrwertsteuer: 190,00 €\n* Versand: 44,56 €\n\nMit freundlichen Grüßen",
  mixed:
    'Use `a | b` in a shell:\n\n    cat file | sort\n\nA table without outer pipes:\n\nName | Use\n--- | ---\nsort | sorts `lines`\nuniq | drops ~~all~~ doubles\n\n```diff\n- | not | a table |\n+ | in | code |\n```\n\n***\n\nEnd of it: <details> & "quotes" && more.',
};
