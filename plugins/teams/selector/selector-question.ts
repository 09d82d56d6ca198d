import { type Message, renderTemplate, type TeamQuestion, type TeamState } from 'nest-ark';

export const SELECT_TOOL = 'select-next-speaker';
export const TERMINATE_TOOL = 'terminate';

const PROMPT = `You direct a role play. These roles take part:
{{.Roles}}

This is the conversation so far:
{{.History}}

Read it and choose the one participant who should speak next. Choose from: {{.Participants}}.`;

const TERMINATE_PROMPT =
  "If the user's last message is already answered in full, do not choose anybody: end the conversation instead.";

const INPUT = 'Who speaks next?';

/** What the chooser is asked, and by which tools it may answer. */
export function selectorQuestion({ team, history, transcript, input }: TeamState, names: string[]): TeamQuestion {
  const { agent, model, prompt, mayTerminate = false, terminatePrompt } = team.selector ?? {};
  const candidates = team.members.filter(({ name }) => names.includes(name));
  const values = {
    Roles: candidates.map(({ name, description }) => (description ? `${name}: ${description}` : name)).join(', '),
    Participants: names.join(', '),
    History: historyText([...history, { role: 'user', content: input }, ...transcript]),
  };
  const end = mayTerminate
    ? [
        terminatePrompt || TERMINATE_PROMPT,
        `To end it, call the tool ${TERMINATE_TOOL} with the final answer as response; without tools, reply with ` +
          `TERMINATE, a colon and the final answer.`,
      ]
    : [];
  const rules = [
    ...end,
    `To choose, call the tool ${SELECT_TOOL} with the participant's name. Without tools, reply with the name alone.`,
  ];
  return {
    ...{ agent, model, input: INPUT },
    instructions: [renderTemplate(prompt || PROMPT, values), ...rules].join('\n\n'),
    tools: [selectTool(names), ...(mayTerminate ? [TERMINATE] : [])],
  };
}

/** The question again, after an answer that was none. */
export const correction = (input: string, problem: string): string =>
  `${input} You were asked before, but ${problem.replace(/^it /, 'your answer ')}. Choose exactly one of them.`;

/** One block a message, with its speaker: what tools said is left out. */
export const historyText = (messages: readonly Message[]): string =>
  messages
    .filter(({ role, content }) => (role === 'user' || role === 'assistant') && content !== '')
    .map(({ role, name, content }) => `# ${name ?? role}:\n${content}`)
    .join('\n');

const selectTool = (names: string[]) => ({
  name: SELECT_TOOL,
  description: 'Chooses the participant who speaks next',
  inputSchema: { type: 'object', properties: { name: { type: 'string', enum: names } }, required: ['name'] },
});

const TERMINATE = {
  name: TERMINATE_TOOL,
  description: 'Ends the conversation with the final answer',
  inputSchema: {
    type: 'object',
    properties: { response: { type: 'string', description: 'The final answer' } },
    required: ['response'],
  },
};
