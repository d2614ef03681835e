// Names the two things a part of the sidecar can do with the wire: ask and tell.
import type { News, Subject } from "./news.ts";
import type { Question, Questions, Reply } from "./questions.ts";

export interface Wire {
  /** Rejects when Python answers with an error, or with something of another shape. */
  ask<Q extends Question>(question: Q, params: Questions[Q]): Promise<Reply<Q>>;
  tell<S extends Subject>(subject: S, news: News[S] & { generation: number }): void;
}
