import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/** Asks about one person at a payout. Prints the advice. A real service reads the JSON with the library it has. */
public final class Check {
  private static final Pattern ADVICE = Pattern.compile("\"advice\":\"([a-z-]+)\"");

  public static void main(String[] args) throws Exception {
    var agent = System.getenv().getOrDefault("RECOURSE_AGENT", "http://127.0.0.1:4810");
    var question = """
        {"identifiers": {"email": "%s"}, "purpose": "monetisation"}""".formatted(args[0]);
    var request = HttpRequest.newBuilder(URI.create(agent + "/check"))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + System.getenv().getOrDefault("RECOURSE_TOKEN", ""))
        .POST(BodyPublishers.ofString(question))
        .build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) throw new IllegalStateException(response.body());

    var advice = ADVICE.matcher(response.body());
    if (!advice.find()) throw new IllegalStateException("no advice");
    // A match is a reason for a person to look, never the sole basis of a decision.
    System.out.println(advice.group(1));
  }
}
