// Renders all admin requests and faults, for the README and for `--help`.
import { FAULTS } from "../world/faults.ts";
import { ROUTES } from "./routes.ts";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  return [line(head), line(head.map(() => "---")), ...cells.map(line)].join("\n");
}

export function requestTable(): string {
  const rows = ROUTES.map(({ request, takes, answers, description }) => {
    const [method = "", path = ""] = request.split(" ");
    return [`\`${method} /admin${path}\``, `\`${takes}\``, answers, description];
  });
  return table(["request", "takes", "answers", "what happens"], rows);
}

export function faultTable(): string {
  const rows = Object.entries(FAULTS).map(([kind, does]) => [`\`${kind}\``, does]);
  return table(["fault", "what happens"], rows);
}

export function requestList(): string {
  const requests = ROUTES.map(({ request, takes, answers }) => {
    const [method = "", path = ""] = request.split(" ");
    return `  ${method.padEnd(4)} /admin${path} ${takes} -> ${answers}`;
  });
  return requests.join("\n");
}
