// The small things that people do in a call. Each ends as it began, but for the line that was written.

import { expect } from "@playwright/test";

/** Turns something on and off again by its button. */
async function turnAndBack(button) {
  for (const pressed of ["true", "false"]) {
    await button.click();
    await expect(button).toHaveAttribute("aria-pressed", pressed);
  }
}

async function closePanel({ page }) {
  await page.getByTestId("close-panel").click();
  await expect(page.getByTestId("panel")).toBeHidden();
}

/** What is said is the same each time: no line is longer than those before. */
async function write(person, people) {
  await person.page.getByTestId("open-chat").click();
  const lines = person.page.getByTestId("chat-message");
  await expect(person.page.getByTestId("chat-input")).toBeFocused();
  const before = await lines.count();
  await person.page.getByTestId("chat-input").fill("Shall we go on?");
  await person.page.getByTestId("chat-send").click();
  await expect(lines).toHaveCount(before + 1);
  for (const other of people.filter((other) => other !== person)) {
    await expect(other.page.getByTestId("notice")).toContainText(person.name);
  }
  await closePanel(person);
}

async function mute(person) {
  for (const wanted of ["off", "on"]) await person.turn("mic", wanted);
}

async function hideFace(person) {
  for (const wanted of ["off", "on"]) await person.turn("camera", wanted);
}

async function pin(person, people) {
  const other = people.find((other) => other !== person);
  await turnAndBack(person.tileOf(other.name).getByTestId("pin"));
}

async function lookWhoIsThere(person) {
  await person.page.getByTestId("open-people").click();
  await expect(person.page.getByTestId("people-search")).toBeVisible();
  await closePanel(person);
}

async function changeView(person) {
  await person.openMore();
  await turnAndBack(person.page.getByTestId("toggle-layout"));
  await closePanel(person);
}

async function raiseHand(person) {
  await turnAndBack(person.page.getByTestId("raise-hand"));
}

/** As many as share no divisor with the number of people: so everybody comes to do everything. */
export const ACTS = [mute, pin, write, hideFace, lookWhoIsThere, changeView, raiseHand];
