// A walk through the Bot API with @maxhub/max-bot-api; prints what it saw as JSON. Usage: node max_bot_api.cjs HOME
const [home] = process.argv.slice(2);
const { Bot, Keyboard } = require(`${home}/node_modules/@maxhub/max-bot-api`);

const { URL_MAX: baseUrl, URL_CONTROL: control, TOKEN: token } = process.env;
const chat = Number(process.env.CHAT);
const bot = new Bot(token, { clientOptions: { baseUrl } });
const { api } = bot;
const saw = {};

const act = async (path, body) => {
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${control}${path}`, options);
  if (!answer.ok) throw new Error(await answer.text());
};
const refusal = (asking) => asking.then(() => null, (error) => [error.status, error.code]);
const ids = (members) => members.map(({ user_id }) => user_id);

const members = async () => {
  const found = [];
  let marker;
  do {
    const page = await api.getChatMembers(chat, { count: 2, marker });
    found.push(...ids(page.members));
    marker = page.marker;
  } while (marker);
  return found;
};

const walk = async () => {
  const me = await api.getMyInfo();
  saw.me = [me.user_id, me.is_bot];
  saw.title = (await api.editChatInfo(chat, { title: '8 Б' })).title;
  const added = await api.addChatMembers(chat, [3, 4, 5, 99]);
  saw.failed = added.failed_user_ids;
  saw.members = await members();
  const permissions = ['read_all_messages', 'write', 'can_call', 'post_edit_delete_message'];
  saw.granted = (await api.addChatAdmins(chat, [{ user_id: 3, permissions }])).success;
  saw.admins = ids((await api.getChatAdmins(chat)).members);
  saw.revoked = (await api.removeChatAdmin(chat, 3)).success;
  saw.removed = (await api.removeChatMember(chat, 4)).success;
  saw.own = (await api.getChatMembership(chat)).is_admin;
  saw.unknownChat = await refusal(api.getChat(-99));
  saw.unknownPath = await refusal(api.getPinnedMessage(chat));
  saw.wrongMethod = await refusal(api.getAllChats());
  saw.subscribed = (await api.subscribe('https://example.org/hook', 'a-secret', ['user_added'])).success;
  saw.subscriptions = (await api.getSubscriptions()).map(({ url }) => url);
  saw.unsubscribed = (await api.unsubscribe('https://example.org/hook')).success;
};

const talk = async () => {
  const asked = Keyboard.inlineKeyboard([[Keyboard.button.callback('Да', 'yes')]]);
  const sent = await api.sendMessageToUser(2, 'Подключить?', { attachments: [asked] });
  saw.dialog = sent.recipient.chat_type;
  saw.partner = (await api.getChat(sent.recipient.chat_id)).dialog_with_user.user_id;
  const heard = new Promise((resolve, reject) => {
    const missing = new Set(['pressed', 'said']);
    const done = (what) => missing.delete(what) && missing.size === 0 && resolve();
    bot.catch(reject);
    setTimeout(() => reject(new Error(`heard neither: ${[...missing]}`)), 30_000);
    bot.action('yes', async (context) => {
      saw.pressed = context.user.user_id;
      saw.answered = (await context.answerOnCallback({ message: { text: 'Подключено', attachments: [] } })).success;
      saw.replied = (await context.reply('Спасибо')).recipient.chat_id === sent.recipient.chat_id;
      done('pressed');
    });
    bot.on('message_created', (context) => {
      saw.said = [context.chatId, context.user.user_id, context.message.body.text];
      done('said');
    });
  });
  void bot.start();
  await act(`/messages/${sent.body.mid}/press`, { user_id: 2, payload: 'yes' });
  await act(`/chats/${chat}/messages`, { user_id: 2, text: 'Здравствуйте' });
  await heard;
  bot.stopPolling();
};

walk().then(talk).then(() => console.log(JSON.stringify(saw))).then(() => process.exit(0));
