package com.harbourline.tariffs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The tariff service. */
public class TariffClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final TypeReference<Map<String, BigDecimal>> RATES = new TypeReference<>() {};

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI book;

    public TariffClient(URI book) {
        this.book = book;
    }

    /**
     * The newest book: route and container type → rate.
     *
     * @param etag of the book we have, or null to get the newest in any case
     * @return empty where the book we have is the newest
     */
    public Optional<Download> download(String etag) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(book).timeout(TIMEOUT).GET();
        if (etag != null) {
            request.header("If-None-Match", etag);
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() == 304) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw new IOException("The tariff service answered " + response.statusCode() + " for " + book);
        }
        Map<String, BigDecimal> rates = json.readValue(response.body(), RATES);
        return Optional.of(new Download(rates, response.headers().firstValue("ETag").orElse(null)));
    }
}
