import { PromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda, RunnableSequence } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';

interface Forecast {
  place: string;
  summary: string;
  temperature: number;
}

/** Asks a weather service over HTTP; `WEATHER_API` says where it is. */
const forecast = tool(
  async ({ place }: { place: string }): Promise<string> => {
    const url = new URL('/forecast', process.env.WEATHER_API ?? 'http://127.0.0.1:8090');
    url.searchParams.set('place', place);
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`the weather service answered ${response.status}`);
    return response.text();
  },
  {
    name: 'forecast',
    description: 'The weather of today at a place',
    schema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
);

const placeIn = RunnableLambda.from((question: string) => ({
  place: /\bin ([A-Z][\p{L} -]*)/u.exec(question)?.[1]?.trim() ?? 'London',
}));
const readable = RunnableLambda.from((answer: string) => JSON.parse(answer) as Forecast);
const sentence = PromptTemplate.fromTemplate('In {place} it is {summary}, {temperature} degrees.');

/** A LangChain agent as people have them: nothing in it knows of A2A. Put a model of yours into the chain. */
export const weatherAgent = RunnableSequence.from([
  placeIn,
  forecast,
  readable,
  sentence,
  RunnableLambda.from((prompt: { value: string }) => prompt.value),
]);
