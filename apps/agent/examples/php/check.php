<?php

declare(strict_types=1);

/** Asks about one person at a payout. Prints the advice. */
function check(string $agent, string $email): array
{
    $question = ['identifiers' => ['email' => $email], 'purpose' => 'monetisation'];
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => ['Content-Type: application/json', 'Authorization: Bearer ' . getenv('RECOURSE_TOKEN')],
        'content' => json_encode($question, JSON_THROW_ON_ERROR),
        'timeout' => 30,
        'ignore_errors' => true,
    ]]);
    $answer = json_decode(file_get_contents("$agent/check", false, $context), true, flags: JSON_THROW_ON_ERROR);
    if (!isset($answer['advice'])) {
        throw new RuntimeException($answer['title'] . ' ' . $answer['next']);
    }
    return $answer;
}

$answer = check(getenv('RECOURSE_AGENT') ?: 'http://127.0.0.1:4810', $argv[1]);
// A match is a reason for a person to look, never the sole basis of a decision.
foreach ($answer['matches'] as $match) {
    fprintf(STDERR, "%s %s\n", $match['reason'] ?? 'withheld', $match['match']);
}
echo $answer['advice'], "\n";
