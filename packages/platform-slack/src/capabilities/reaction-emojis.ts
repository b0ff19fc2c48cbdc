/** The emoji that people react with, each with Slack's own name for it (the names of its emoji picker). */
const table = `👍 +1, 👎 -1, 👀 eyes, ❤️ heart, 😂 joy, 🎉 tada, 🚀 rocket, ✅ white_check_mark, ❌ x, 🔥 fire, 👏 clap,
🙏 pray, 🙌 raised_hands, 💯 100, 🤔 thinking_face, 😄 smile, 😀 grinning, 😃 smiley, 😁 grin, 😆 laughing,
😅 sweat_smile, 🤣 rolling_on_the_floor_laughing, 😊 blush, 🙂 slightly_smiling_face, 🙃 upside_down_face,
😉 wink, 😍 heart_eyes, 🥰 smiling_face_with_3_hearts, 😘 kissing_heart, 😎 sunglasses, 🤩 star-struck,
🥳 partying_face, 😏 smirk, 😐 neutral_face, 😑 expressionless, 😶 no_mouth, 🙄 face_with_rolling_eyes,
😬 grimacing, 😴 sleeping, 😪 sleepy, 😷 mask, 🤒 face_with_thermometer, 🤯 exploding_head, 😢 cry, 😭 sob,
😡 rage, 😠 angry, 😱 scream, 😳 flushed, 🥺 pleading_face, 😞 disappointed, 😔 pensive, 😕 confused,
🙁 slightly_frowning_face, 😮 open_mouth, 😯 hushed, 😲 astonished, 🤗 hugging_face, 🤓 nerd_face,
🤖 robot_face, 👻 ghost, 💀 skull, 💩 hankey, 🤡 clown_face, 😈 smiling_imp, 👽 alien, 👋 wave, ✋ hand,
👌 ok_hand, ✌️ v, 🤞 crossed_fingers, 🤘 the_horns, 🤙 call_me_hand, 👈 point_left, 👉 point_right,
👆 point_up_2, 👇 point_down, ☝️ point_up, ✊ fist, 👊 facepunch, 🤝 handshake, 💪 muscle, ✍️ writing_hand,
🤦 face_palm, 🤷 shrug, 🙋 raising_hand, 👤 bust_in_silhouette, 👶 baby, 👨‍💻 male-technologist,
👩‍💻 female-technologist, 🧠 brain, 👑 crown, 💔 broken_heart, 🧡 orange_heart, 💛 yellow_heart,
💚 green_heart, 💙 blue_heart, 💜 purple_heart, 🖤 black_heart, 🤍 white_heart, 💖 sparkling_heart,
💕 two_hearts, 💥 boom, ✨ sparkles, ⭐ star, 🌟 star2, 💫 dizzy, ⚡ zap, ☀️ sunny, 🌈 rainbow,
🌙 crescent_moon, ☁️ cloud, ❄️ snowflake, 🌊 ocean, 🌍 earth_africa, 🌱 seedling, 🌹 rose,
🌸 cherry_blossom, 🍀 four_leaf_clover, 🐛 bug, 🐝 bee, 🐶 dog, 🐱 cat, 🦄 unicorn_face, 🐢 turtle, 🐍 snake,
🐳 whale, 🍕 pizza, 🍔 hamburger, 🍎 apple, 🍌 banana, 🍪 cookie, 🍰 cake, 🎂 birthday, ☕ coffee, 🍺 beer,
🍻 beers, 🍷 wine_glass, 🍾 champagne, 🎁 gift, 🏆 trophy, 🥇 first_place_medal, 🏅 sports_medal, 🎯 dart,
🎮 video_game, 🎵 musical_note, 🎶 notes, 🎤 microphone, 🎬 clapper, 📷 camera, 📞 telephone_receiver,
💻 computer, 📱 iphone, 🔋 battery, 💡 bulb, 🔍 mag, 🔒 lock, 🔓 unlock, 🔑 key, 🔨 hammer, 🔧 wrench,
🛠️ hammer_and_wrench, ⚙️ gear, 🔗 link, 📎 paperclip, 📌 pushpin, 📝 memo, 📅 date,
📈 chart_with_upwards_trend, 📉 chart_with_downwards_trend, 📊 bar_chart, 📁 file_folder, 📧 e-mail,
✉️ email, 📢 loudspeaker, 📣 mega, 🔔 bell, 🔕 no_bell, 💬 speech_balloon, 💭 thought_balloon,
⏰ alarm_clock, ⏳ hourglass_flowing_sand, ⌛ hourglass, ⏱️ stopwatch, ⏸️ double_vertical_bar,
▶️ arrow_forward, ⏭️ black_right_pointing_double_triangle_with_vertical_bar,
🔄 arrows_counterclockwise, 🔁 repeat, ➡️ arrow_right, ⬅️ arrow_left, ⬆️ arrow_up, ⬇️ arrow_down,
✔️ heavy_check_mark, ☑️ ballot_box_with_check, ➕ heavy_plus_sign, ➖ heavy_minus_sign, ❓ question,
❔ grey_question, ❗ exclamation, ‼️ bangbang, ⚠️ warning, 🚫 no_entry_sign, ⛔ no_entry,
🛑 octagonal_sign, 🚧 construction, 🚨 rotating_light, 🆗 ok, 🆕 new, 🆘 sos, 🔴 red_circle,
🟠 large_orange_circle, 🟡 large_yellow_circle, 🟢 large_green_circle, 🔵 large_blue_circle,
🟣 large_purple_circle, ⚪ white_circle, ⚫ black_circle, 💰 moneybag, 💸 money_with_wings, 💳 credit_card,
💎 gem, 🚗 car, ✈️ airplane, 🏠 house, 🏢 office, 1️⃣ one, 2️⃣ two, 3️⃣ three, 4️⃣ four, 5️⃣ five,
🏁 checkered_flag, 🚩 triangular_flag_on_post, 🥲 smiling_face_with_tear, 🫡 saluting_face,
🫶 heart_hands, 🤌 pinched_fingers, 😇 innocent, 🤐 zipper_mouth_face, 🤫 shushing_face, 😤 triumph,
🤬 face_with_symbols_on_mouth, 🙈 see_no_evil, 🙉 hear_no_evil, 🙊 speak_no_evil, 💤 zzz, 👟 athletic_shoe,
🧪 test_tube, 🔬 microscope, 📦 package, 🗑️ wastebasket, 🧹 broom, 🪄 magic_wand, 🧵 thread`;

const entries = table.split(/,\s+/u).map((entry) => entry.split(" ") as [emoji: string, name: string]);
const nameByEmoji = new Map(entries.map(([emoji, name]) => [bare(emoji), name]));
const emojiByName = new Map(entries.map(([emoji, name]) => [name, emoji]));
/** Other names of the same. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["thumbsup", "+1"],
  ["thumbsdown", "-1"],
  ["satisfied", "laughing"],
  ["poop", "hankey"],
  ["shit", "hankey"],
  ["collision", "boom"],
  ["raised_hand", "hand"],
  ["punch", "facepunch"],
  ["honeybee", "bee"],
  ["red_car", "car"],
  ["envelope", "email"],
  ["robot", "robot_face"],
  ["thinking", "thinking_face"],
]);
const tones = ["🏻", "🏼", "🏽", "🏾", "🏿"] as const;

/** Every emoji that the bot can react with. */
export const reactionEmojis: readonly string[] = entries.map(([emoji]) => emoji);

/** Slack's name of an emoji, with its skin tone; also of one that is written as `:name:`. undefined: it has none that is known here. */
export function reactionName(emoji: string): string | undefined {
  const written = /^:([\p{L}\p{N}_+'-]{1,100}(?:::skin-tone-[2-6])?):$/u.exec(emoji)?.[1];
  if (written !== undefined) return written;
  const tone = tones.findIndex((one) => emoji.includes(one));
  const name = nameByEmoji.get(bare(tone === -1 ? emoji : emoji.replace(tones[tone] ?? "", "")));
  return name === undefined || tone === -1 ? name : `${name}::skin-tone-${tone + 2}`;
}

/** The emoji of a name; `:name:` for one that has no character, or none that is known here. */
export function emojiOf(reaction: string): string {
  const [name = "", tone] = reaction.split("::skin-tone-");
  const emoji = emojiByName.get(aliases.get(name) ?? name);
  if (emoji === undefined) return `:${reaction}:`;
  return tone === undefined ? emoji : bare(emoji) + (tones[Number(tone) - 2] ?? "");
}

/** Without the mark that asks for a colourful picture, which keyboards set or leave out. */
function bare(emoji: string): string {
  return emoji.replaceAll("\uFE0F", "");
}
